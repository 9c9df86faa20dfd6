"""The rules of sealing by themselves: no tree, path or commitment can stand for another, whatever its size."""

import importlib.util
import secrets
import uuid
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.rules.blocks import Ledger, commitments_of, ledger_holds, ledger_path, ledger_salt, ledgers_root
from audit.rules.leaves import FIELDS, copied_fields, leaf_hash, netstrings
from audit.rules.merkle import node_hash, path_root, tree_path, tree_root
from audit.rules.objects import NAMED, objects_told

SOURCE = Path(__file__).parents[2] / "audit" / "verifier" / "jocc_audit_verify.py"
HASHES = st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=70, unique=True)


def _verifier():
    spec = importlib.util.spec_from_file_location("stand_alone", SOURCE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


STAND_ALONE = _verifier()


def _by_definition(hashes):
    """RFC 6962, section 2.1, as it is written there."""
    if len(hashes) == 1:
        return hashes[0]
    half = 1
    while half * 2 < len(hashes):
        half *= 2
    return node_hash(_by_definition(hashes[:half]), _by_definition(hashes[half:]))


@given(HASHES)
def test_the_root_is_that_of_rfc_6962(hashes):
    assert tree_root(hashes) == _by_definition(hashes) == STAND_ALONE.tree_root(list(hashes))


@given(HASHES, st.data())
def test_every_leaf_has_a_path_and_no_other_leaf_takes_it(hashes, data):
    place = data.draw(st.integers(0, len(hashes) - 1))
    path, root = tree_path(hashes, place), tree_root(hashes)
    assert path_root(hashes[place], place, len(hashes), path) == root
    assert STAND_ALONE.path_root(hashes[place], place, len(hashes), path) == root
    assert path_root(secrets.token_bytes(32), place, len(hashes), path) != root
    assert path_root(hashes[place], len(hashes), len(hashes), path) is None
    assert path_root(hashes[place], place, len(hashes), [*path, bytes(32)]) is None
    if path:
        assert path_root(hashes[place], place, len(hashes), path[:-1]) is None


@given(HASHES, st.data())
def test_changing_dropping_or_swapping_a_leaf_changes_the_root(hashes, data):
    root, place = tree_root(hashes), data.draw(st.integers(0, len(hashes) - 1))
    assert tree_root([*hashes[:place], bytes(32), *hashes[place + 1 :]]) != root or hashes[place] == bytes(32)
    assert tree_root(hashes[:place] + hashes[place + 1 :]) != root
    assert tree_root([*hashes, bytes(32)]) != root
    other = data.draw(st.integers(0, len(hashes) - 1))
    swapped = list(hashes)
    swapped[place], swapped[other] = swapped[other], swapped[place]
    assert (tree_root(swapped) == root) == (place == other)


@given(st.lists(st.binary(max_size=12), max_size=5), st.lists(st.binary(max_size=12), max_size=5))
def test_two_lists_of_fields_never_give_the_same_bytes(one, other):
    assert (netstrings(one) == netstrings(other)) == (one == other)


@given(
    st.lists(
        st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20),
        min_size=12,
        max_size=12,
    )
)
def test_fields_come_through_copy_as_they_are_and_hash_alike_in_both_verifiers(texts):
    escapes = {"\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"}
    line = "\t".join("".join(escapes.get(char, char) for char in text) for text in texts) + "\n"
    fields = copied_fields(line.encode())
    assert fields == [text.encode() for text in texts]
    record = dict(zip(FIELDS, texts, strict=True))
    assert leaf_hash(fields) == STAND_ALONE.leaf_hash(record)


@settings(max_examples=20)
@given(st.sets(st.integers(0, 10**6), min_size=1, max_size=80), st.data())
def test_a_block_holds_each_ledger_and_tells_nothing_of_their_number(groups, data):
    seed = secrets.token_bytes(32)
    ledgers = [
        Ledger(7, group, 3, 10, secrets.token_bytes(32), ledger_salt(seed, group)) for group in sorted(groups)
    ]
    commitments = commitments_of(seed, ledgers)
    assert len(commitments) == (64 if len(ledgers) <= 64 else 128)
    ledger = data.draw(st.sampled_from(ledgers))
    place, path = ledger_path(commitments, ledger)
    assert ledger_holds(ledger, place, path, ledgers_root(commitments))
    forged = Ledger(7, ledger.ledger, ledger.count + 1, ledger.total, ledger.tree, ledger.salt)
    assert not ledger_holds(forged, place, path, ledgers_root(commitments))
    assert ledgers_root(commitments_of(secrets.token_bytes(32), ledgers)) != ledgers_root(commitments)


@settings(max_examples=12)
@given(st.binary(max_size=80), st.data())
def test_the_stand_alone_verifier_takes_the_signatures_that_the_library_makes_and_no_other(message, data):
    key = Ed25519PrivateKey.generate()
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    assert STAND_ALONE.signed(public, signature, message)
    place = data.draw(st.integers(0, 511))
    bent = bytearray(signature)
    bent[place // 8] ^= 1 << place % 8
    assert not STAND_ALONE.signed(public, bytes(bent), message)
    assert not STAND_ALONE.signed(public, signature, message + b"!")
    assert not STAND_ALONE.signed(
        Ed25519PrivateKey.generate().public_key().public_bytes_raw(), signature, message
    )
    assert not STAND_ALONE.signed(public[:31], signature, message)


@pytest.mark.parametrize(
    ("public", "message", "signature"),
    [
        (
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
            ("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
            "d25bf5f0595bbe24655141438e7a100b"),
        ),
        (
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
            ("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
            "387b2eaeb4302aeeb00d291612bb0c00"),
        ),
    ],
)  # fmt: skip
def test_the_stand_alone_verifier_knows_the_test_vectors_of_rfc_8032(public, message, signature):
    assert STAND_ALONE.signed(bytes.fromhex(public), bytes.fromhex(signature), bytes.fromhex(message))


def test_up_to_five_hundred_objects_are_named_and_more_are_told_by_number_and_hash():
    uids = [uuid.uuid4() for _ in range(NAMED + 1)]
    assert objects_told(uids[:NAMED]) == ([str(uid) for uid in uids[:NAMED]], {})
    named, told = objects_told(uids)
    assert named == []
    assert told["objects"] == NAMED + 1
    assert objects_told(uids[::-1]) == ([], told)
