"""Handling codes stay as they were received; what they say decides what can be stored, and nothing is converted."""

import pytest

from intelligence.facts import Handling
from intelligence.rules.handling import (
    SCHEMES,
    bars_sharing,
    codes_read,
    converted,
    handling_faults,
    handling_of,
    handling_text,
    meanings,
    version_now,
)


def of(scheme: str, *codes: str, text: str = "", version: str = "") -> Handling:
    return Handling(scheme, version or version_now(scheme), codes, text)


@pytest.mark.parametrize(
    "given",
    [
        of("5x5x5", "1"), of("5x5x5", "5", text="refer to the originator"), of("3x5x2", "P"), of("3x5x2", "C", "A2", "S1"),
        of("3x5x2", "C", text="not before the arrest"), of("europol", "H0"), of("europol", "H1", "H2"),
        of("europol", "H1", "H3", text="no copy"), of("tlp", "AMBER+STRICT"), of("tlp", "WHITE", version="1.0"),
        of("pap", "RED"),
    ],
    ids=handling_text,
)  # fmt: skip
def test_what_the_schemes_know_is_kept_as_it_came(given):
    assert handling_faults([given]) == []
    assert handling_of([given.stored()]) == (given,)
    assert all(meaning for _code, meaning in meanings(given))


@pytest.mark.parametrize(
    "given",
    [
        of("5x5x5", "6"), of("5x5x5"), of("5x5x5", "1", "2"), of("5x5x5", "P"), of("3x5x2", "1"), of("3x5x2", "C"),
        of("3x5x2", "P", "A1"), of("3x5x2", "C", "A1", "A2"), of("europol", "H3"), of("europol", "H3", text="  "),
        of("europol", "H4"), of("europol"), of("tlp", "WHITE"), of("tlp", "AMBER+STRICT", version="1.0"),
        of("tlp", "RED", "GREEN"), of("pap", "WHITE"), of("tlp", "RED", version="3.0"), of("nato", "A"),
        of("europol", "H1", "H1"), of("5x5x5", "1", text="x" * 501),
    ],
    ids=handling_text,
)  # fmt: skip
def test_what_contradicts_a_scheme_is_refused(given):
    assert handling_faults([given])


def test_several_schemes_stand_side_by_side_but_no_scheme_twice():
    assert handling_faults([of("5x5x5", "1"), of("tlp", "GREEN")]) == []
    assert handling_faults([of("tlp", "RED"), of("tlp", "GREEN")])


def test_nothing_is_converted_but_what_one_scheme_says_of_its_own_older_version():
    shown = {
        (name, version, code): converted(Handling(name, version, (code,)))
        for (name, version), scheme in SCHEMES.items()
        for code in scheme.main
    }
    assert {key: words for key, words in shown.items() if words} == {
        ("tlp", "1.0", "WHITE"): "TLP 2.0 · CLEAR"
    }


def test_typed_codes_are_read_in_order_and_once():
    assert codes_read("h1, H3;h1") == ("H1", "H3")
    assert codes_read("TLP:amber+strict") == ("AMBER+STRICT",)
    assert codes_read("  ") == ()


def test_codes_that_keep_the_information_with_its_receiver_are_known():
    assert bars_sharing([of("5x5x5", "4")])
    assert bars_sharing([of("pap", "RED"), of("europol", "H1", "H2")])
    assert not bars_sharing([of("5x5x5", "1"), of("tlp", "AMBER"), of("europol", "H1")])
