"""The attacks on the record (docs/audit.md): each is found, by the operator or by an agency, at its first bad block."""

import contextlib
import json
import secrets
import threading
import time

import pytest
from django.db import connection, connections
from django.db.utils import IntegrityError
from redis import Redis

from agencies import heartbeats
from agencies.acting import acting_as
from agencies.facts import INGEST
from audit.models import AuditBlock
from audit.rules.signatures import SealingKey
from audit.services import sealing
from audit.services.keys import SealingRefused
from audit.services.sealing import block_seal
from jocc.pulse import sealer

pytestmark = pytest.mark.django_db(transaction=True)


def found(verdict):
    """The first bad block, and the kinds of what was found there."""
    return verdict.first_bad, {each.code for each in verdict.findings if each.block == verdict.first_bad}


def test_a_record_that_nobody_touched_holds(sealed):
    verdict = sealed.verify()
    assert (verdict.findings, verdict.blocks, verdict.rows, verdict.unsealed) == ([], 3, 15, 0)
    code, said = sealed.stand_alone("--against", sealed.roots("UKBA"), "--every-signature")
    assert (code, "3 blocks" in said) == (0, True), said


def test_1_a_row_that_is_edited_is_found(sealed):
    row = sealed.row_of_block(2)
    with sealed.tampering() as cursor:
        cursor.execute("UPDATE audit_auditevent SET purpose = 'holiday' WHERE id = %s", [row.pk])
    assert found(sealed.verify(published=False)) == (2, {"content"})


@pytest.mark.parametrize(
    "change",
    [
        "actor_label = 'somebody'", "actor_uid = gen_random_uuid()", "action = 'hit.read'", "object_uids = '{}'",
        "request_id = 'x'", "detail = '{}'", "uid = gen_random_uuid()", "at = at + interval '1 microsecond'",
        "agency_group_id = NULL", "object_type = 'hit'", "actor = 'service'",
    ],
)  # fmt: skip
def test_1_no_field_of_a_row_can_be_edited_unseen(log, change):
    log.block(paf=2)
    with log.tampering() as cursor:
        cursor.execute(
            f"UPDATE audit_auditevent SET {change} WHERE id = (SELECT min(id) FROM audit_auditevent)"  # noqa: S608
        )
    assert log.verify(published=False).first_bad == 1


def test_2_a_row_that_is_deleted_is_found(sealed):
    row = sealed.row_of_block(2)
    with sealed.tampering() as cursor:
        cursor.execute("DELETE FROM audit_auditevent WHERE id = %s", [row.pk])
    assert found(sealed.verify(published=False)) == (2, {"count"})


def test_3_a_tail_that_is_cut_with_its_blocks_is_found_by_what_was_published(sealed):
    first = sealed.row_of_block(3)
    with sealed.tampering() as cursor:
        cursor.execute("DELETE FROM audit_auditevent WHERE id >= %s", [first.pk])
        cursor.execute("DELETE FROM audit_ledgerseal WHERE block = 3")
        cursor.execute("DELETE FROM audit_auditblock WHERE number = 3")
    assert sealed.verify(published=False).findings == []  # the database alone cannot know
    assert found(sealed.verify()) == (3, {"publication"})


def test_4_rows_that_change_places_are_found(sealed):
    one, other = sealed.row_of_block(2, nth=0), sealed.row_of_block(2, nth=1)
    with sealed.tampering() as cursor:
        for row, at in ((one, other.at), (other, one.at)):
            cursor.execute("UPDATE audit_auditevent SET at = %s WHERE id = %s", [at, row.pk])
    assert found(sealed.verify(published=False)) == (2, {"content"})


def test_4_rows_that_move_to_another_block_are_found(sealed):
    row, later = sealed.row_of_block(2), sealed.row_of_block(3)
    with sealed.tampering() as cursor:
        cursor.execute("UPDATE audit_auditevent SET tx = %s WHERE id = %s", [later.tx, row.pk])
    assert found(sealed.verify(published=False)) == (2, {"count"})


def test_5_a_row_that_is_slipped_into_a_sealed_block_is_found(sealed):
    old = sealed.row_of_block(1)
    with sealed.tampering() as cursor:
        cursor.execute(
            "INSERT INTO audit_auditevent (id, at, tx, actor, actor_label, agency_group_id, action, object_type,"
            " object_uids, purpose, request_id, detail) SELECT -7, at, tx, actor, actor_label, agency_group_id,"
            " action, object_type, object_uids, 'alibi', request_id, detail FROM audit_auditevent WHERE id = %s",
            [old.pk],
        )
    assert found(sealed.verify(published=False)) == (1, {"count"})


def test_5_a_row_that_is_dated_back_and_then_sealed_is_found(sealed):
    with sealed.tampering() as cursor:
        cursor.execute(
            "INSERT INTO audit_auditevent (at, actor, actor_label, agency_group_id, action, object_type, object_uids,"
            " purpose, request_id, detail) VALUES (now() - interval '1 day', 'officer', 'x', %s, 'hit.read', 'hit',"
            " '{}', '', '', '{}')",
            [sealed.world.group("PAF")],
        )
    sealed.seal()
    sealed.publish()
    assert found(sealed.verify()) == (4, {"time"})


@pytest.mark.parametrize("column", ["at", "tx", "uid", "id"])
def test_5_the_restricted_roles_cannot_say_when_a_row_was_written(world, column, as_role):
    value = {"at": "now()", "tx": "1", "uid": "gen_random_uuid()", "id": "1"}[column]
    for role in ("jocc_web", "jocc_ingest"):
        with (
            as_role(role),
            connection.cursor() as cursor,
            pytest.raises(Exception, match="permission denied"),
        ):
            cursor.execute(
                f"INSERT INTO audit_auditevent ({column}, actor, actor_label, action, object_type, object_uids,"  # noqa: S608
                f" purpose, request_id, detail) VALUES ({value}, 'x', 'x', 'x', 'x', '{{}}', '', '', '{{}}')"
            )


def test_6_the_owner_who_disables_the_trigger_and_seals_anew_is_found_by_the_agencies(sealed, tmp_path):
    """Everything in the database is consistent again; only what lies with the agencies tells."""
    before = sealed.roots().read_bytes()
    row = sealed.row_of_block(2)
    with sealed.tampering() as cursor:
        cursor.execute("UPDATE audit_auditevent SET purpose = 'holiday' WHERE id = %s", [row.pk])
        cursor.execute("DELETE FROM audit_ledgerseal")
        cursor.execute("DELETE FROM audit_auditblock")
    assert sealed.seal() is not None  # by the true key, which was stolen
    sealed.publish(tmp_path / "forged")
    assert sealed.verify(published=False).findings == []
    assert found(sealed.verify())[1] == {"publication"}
    with pytest.raises(SealingRefused, match=r"set back|rewritten"):
        sealed.publish()
    assert sealed.roots().read_bytes() == before
    code, said = sealed.stand_alone("--against", tmp_path / "forged" / "paf.ndjson")
    assert (code, "FIRST BAD BLOCK: 1" in said) == (1, True), said


def test_7_an_old_backup_that_is_restored_is_found_and_nothing_more_is_published(sealed):
    tables = ("audit_auditevent", "audit_auditblock", "audit_ledgerseal")
    with sealed.tampering() as cursor:
        for table in tables:
            cursor.execute(f"CREATE TEMP TABLE old_{table} AS SELECT * FROM {table}")  # noqa: S608
    sealed.block()
    sealed.block()
    with sealed.tampering() as cursor:
        for table in tables:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608
            cursor.execute(f"INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT * FROM old_{table}")  # noqa: S608
            cursor.execute(f"DROP TABLE old_{table}")
    assert found(sealed.verify()) == (4, {"publication"})
    sealed.record()
    sealed.seal()
    with pytest.raises(SealingRefused, match="set back"):
        sealed.publish()


def test_8_two_sealers_make_one_chain(log):
    """Several threads seal at once while others write; every row stands in exactly one block."""
    log.block(paf=1)
    stopping, faults = threading.Event(), []

    def seals():
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET ROLE jocc_ingest")
            with acting_as(INGEST):
                while not stopping.is_set():
                    block_seal(log.key)
        except Exception as error:
            faults.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=seals) for _ in range(3)]
    for thread in threads:
        thread.start()
    log.record(number=60)
    stopping.set()
    for thread in threads:
        thread.join()
    log.seal()
    log.publish()
    assert faults == []
    verdict = log.verify()
    assert (verdict.findings, verdict.rows, verdict.unsealed) == ([], 61, 0)
    assert verdict.blocks > 1


def test_8_a_second_chain_beside_the_first_is_refused_by_the_database(sealed):
    with sealed.owner():
        second = AuditBlock.objects.get(number=2)
    with sealed.ingest(), pytest.raises(IntegrityError):
        AuditBlock.objects.create(
            number=9, sealed_at=second.sealed_at, after_id=0, until_id=0, last_id=0, from_tx=0, before_tx=0,
            seed=bytes(32), ledgers_root=bytes(32), previous_root=second.previous_root, root=bytes(32),
            key=second.key, signature=bytes(64),
        )  # fmt: skip


def test_9_a_clock_that_was_set_back_is_found(sealed):
    """The fourth block was sealed while the clock stood two hours before the third."""
    with sealed.tampering() as cursor:
        cursor.execute("SELECT max(sealed_at) + interval '2 hours' FROM audit_auditblock")
        (future,) = cursor.fetchone()
    _seal_at(sealed, future)
    sealed.block()
    verdict = sealed.verify()
    assert found(verdict) == (5, {"time"})
    code, said = sealed.stand_alone()
    assert (code, "FIRST BAD BLOCK: 5" in said) == (1, True), said


def _seal_at(log, moment):
    """A block made while the clock of the database stood at this moment."""
    now = f"SELECT timestamptz '{moment.isoformat()}', pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealing, "_NOW", now)
        log.record()
        log.seal()
        log.publish()


def test_10_a_dead_sealer_raises_the_alarm(log, client, sign_in, settings, tmp_path):
    """The sign of life comes from a turn that went through; without one, /readyz names the sealer."""
    redis = Redis.from_url(settings.REDIS_URL)
    key = tmp_path / "sealing.key"
    key.write_text(secrets.token_hex(32))
    settings.AUDIT_KEY_FILE, settings.AUDIT_PUBLISH_DIR = str(key), str(log.folder)
    settings.AUDIT_SEAL_EVERY_S = 0.05
    try:
        redis.set(heartbeats.ALIVE["sealer"], time.time() - 3600)
        assert client.get("/readyz").json()["sealer"] == "away"
        assert b"not heard" in sign_in("ukba.supervisor").get("/health/").content
        with _sealer(log) as thread:
            assert _eventually(lambda: client.get("/readyz").json()["sealer"] == "ok")
            key.write_text("nonsense")
            assert _eventually(lambda: "hexadecimal" in thread._said)
            redis.set(heartbeats.ALIVE["sealer"], time.time() - 3600)
            settings.AUDIT_PUBLISH_DIR = ""
            assert client.get("/readyz").status_code == 503
            assert client.get("/readyz").json()["sealer"] == "away"
    finally:
        redis.delete(heartbeats.ALIVE["sealer"])
        redis.close()


@contextlib.contextmanager
def _sealer(log):
    original = sealer.sealer_turn

    def as_ingest():
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE jocc_ingest")
        return original()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealer, "sealer_turn", as_ingest)
        with sealer.Sealer() as thread:
            yield thread


def _eventually(true, seconds=20):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.05)
    return False


def test_11_an_agency_finds_the_first_bad_block_from_published_roots_alone(sealed):
    sealed.block()
    lines = sealed.lines()
    blocks = [number for number, line in enumerate(lines) if line.get("block") == 2]
    lines[blocks[0]]["ledgers"] = secrets.token_hex(32)
    sealed.roots().write_text("".join(json.dumps(line) + "\n" for line in lines))
    code, said = sealed.stand_alone()
    assert (code, "FIRST BAD BLOCK: 2" in said) == (1, True), said


@pytest.mark.parametrize("left_out", [1, 2, 3])
def test_11_an_agency_finds_the_block_that_is_left_out(sealed, left_out):
    sealed.block()
    kept = [line for line in sealed.lines() if line.get("block") != left_out]
    sealed.roots().write_text("".join(json.dumps(line) + "\n" for line in kept))
    code, said = sealed.stand_alone()
    assert (code, f"FIRST BAD BLOCK: {left_out}" in said) == (1, True), said


def test_11_an_agency_finds_that_its_own_ledger_was_withheld(sealed):
    """A block without its opening would hide records; the running total of the next one tells."""
    lines = sealed.lines()
    for line in lines:
        if line.get("block") == 2:
            line["own"] = []
    sealed.roots().write_text("".join(json.dumps(line) + "\n" for line in lines))
    code, said = sealed.stand_alone()
    assert (code, "FIRST BAD BLOCK: 3" in said) == (1, True), said
    assert "records of yours are missing before it" in said


def test_12_a_forged_signature_is_found_by_both(sealed):
    forged = SealingKey(secrets.token_hex(32))
    with sealed.owner():
        root = bytes(AuditBlock.objects.get(number=3).root)
    signature = forged.sign_block(root)
    with sealed.tampering() as cursor:
        cursor.execute("UPDATE audit_auditblock SET signature = %s WHERE number = 3", [signature])
    assert found(sealed.verify()) == (3, {"signature"})
    lines = sealed.lines()
    lines[-1]["signature"] = signature.hex()
    sealed.roots().write_text("".join(json.dumps(line) + "\n" for line in lines))
    code, said = sealed.stand_alone()
    assert (code, "FIRST BAD BLOCK: 3" in said) == (1, True), said


def test_12_a_key_that_nobody_endorsed_cannot_seal(sealed):
    sealed.record()
    with pytest.raises(SealingRefused, match="predecessor must endorse"):
        sealed.seal(SealingKey(secrets.token_hex(32)))
    with sealed.owner():
        assert AuditBlock.objects.count() == 3


def test_12_a_key_smuggled_into_the_database_is_found_by_both(sealed):
    thief = SealingKey(secrets.token_hex(32))
    with sealed.tampering() as cursor:
        cursor.execute(
            "INSERT INTO audit_sealkey (id, public, introduced_at, endorsed_by, endorsement)"
            " VALUES (%s, %s, now(), %s, %s)",
            [thief.id, thief.public, sealed.key.id, bytes(64)],
        )
    sealed.record()
    sealed.seal(thief)
    sealed.publish()
    assert found(sealed.verify()) == (4, {"key"})
    code, said = sealed.stand_alone()
    assert (code, "FIRST BAD BLOCK: 4" in said) == (1, True), said
