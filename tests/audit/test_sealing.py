"""Sealing: nothing is missed, nothing is sealed twice, whatever commits when; and it goes on after a restore."""

import secrets
import threading

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from agencies.acting import acting_as
from audit.models import AuditBlock, AuditEvent, LedgerSeal
from audit.rules.signatures import SealingKey
from audit.services import sealing
from audit.services.keys import SealingRefused, key_endorse, key_introduce, key_read
from audit.services.publication import last_published

pytestmark = pytest.mark.django_db(transaction=True)

_INSERT = (
    "INSERT INTO audit_auditevent (actor, actor_label, agency_group_id, action, object_type, object_uids, purpose,"
    " request_id, detail) VALUES ('officer', 'late', %s, 'hit.read', 'hit', '{}', '', '', '{}') RETURNING id"
)


@pytest.fixture
def another(owner):
    """A second connection, of the owner's, that commits when the test says so."""
    given = connection.settings_dict
    made = psycopg2.connect(
        dbname=given["NAME"], user=given["USER"], password=given["PASSWORD"], host=given["HOST"], port=given["PORT"]
    )  # fmt: skip
    yield made
    made.close()


def test_a_row_with_a_lower_number_that_commits_late_goes_into_a_later_block(log, another):
    log.block(paf=1)
    with another.cursor() as cursor:
        cursor.execute(_INSERT, [log.world.group("PAF")])
        (late,) = cursor.fetchone()
    log.record("ukba.officer", 3)  # higher numbers, committed before
    log.seal(wait=False)
    log.record("ukba.officer", 2)
    log.seal(wait=False)
    with log.owner():
        numbers = [event.pk for event in _events()]
        assert late not in numbers
        assert max(numbers) > late
    assert log.verify(published=False).rows == 1  # the horizon waits for the transaction that is still open
    another.commit()
    log.seal()
    log.publish()
    verdict = log.verify()
    assert (verdict.findings, verdict.rows, verdict.unsealed) == ([], 7, 0)


def _events():
    return AuditEvent.objects.all()


def test_under_many_writers_every_row_is_sealed_once(log):
    log.block(paf=1)
    given = connection.settings_dict

    def write(number):
        own = psycopg2.connect(
            dbname=given["NAME"], user=given["USER"], password=given["PASSWORD"], host=given["HOST"],
            port=given["PORT"],
        )  # fmt: skip
        with own.cursor() as cursor:
            for turn in range(20):
                for _ in range(1 + (turn + number) % 4):
                    cursor.execute(_INSERT, [log.world.group("PAF")])
                (own.rollback if turn % 7 == 3 else own.commit)()
        own.close()

    writers = [threading.Thread(target=write, args=[number]) for number in range(3)]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        log.seal(wait=False)
    log.seal()
    log.publish()
    with log.owner():
        committed = _events().count()
        sealed = sum(LedgerSeal.objects.values_list("count", flat=True))
    verdict = log.verify()
    assert (verdict.findings, verdict.rows, sealed, verdict.unsealed) == ([], committed, committed, 0)


def test_a_large_backlog_is_sealed_in_several_blocks(log, monkeypatch):
    monkeypatch.setattr(sealing, "BLOCK_ROWS", 4)
    log.record(number=11)
    more = [log.seal().more for _ in range(3)]
    assert more == [True, True, False]
    assert log.verify(published=False).findings == []
    with log.owner():
        assert list(AuditBlock.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3]


def test_silence_is_sealed_once_a_minute(log):
    log.block()
    assert log.seal() is None
    with log.tampering() as cursor:
        cursor.execute("UPDATE audit_auditblock SET sealed_at = sealed_at - interval '61 seconds'")
    assert log.seal().rows == 0


def test_sealing_goes_on_after_a_restore_into_another_server(log):
    """There transaction numbers begin anew: what was written before is told from what is written now."""
    log.block()
    log.record(number=2)  # recorded, and not yet sealed when the backup was made
    with log.tampering() as cursor:
        cursor.execute("UPDATE audit_auditevent SET tx = tx + 1000000000")
        cursor.execute("UPDATE audit_auditblock SET before_tx = before_tx + 1000000000")
    log.record("ukba.officer", 4)  # already in the new server
    while (sealed := log.seal()) is not None and (sealed.rows or sealed.more):
        pass
    log.record("ukba.officer", 1)
    log.seal()
    log.publish()
    verdict = log.verify()
    assert (verdict.findings, verdict.rows, verdict.unsealed) == ([], 12, 0)
    code, said = log.stand_alone("--every-signature")
    assert code == 0, said


def test_each_agency_gets_its_own_ledger_and_learns_nothing_of_the_others(log):
    log.block(paf=3)
    log.block(paf=2, ukba=40)
    log.block(ukba=1)
    paf, ukba = ([line for line in log.lines(code) if "block" in line] for code in ("PAF", "UKBA"))
    assert [[own["count"] for own in line["own"]] for line in paf] == [[3], [2], []]
    assert [[own["total"] for own in line["own"]] for line in paf] == [[3], [5], []]
    assert [[own["total"] for own in line["own"]] for line in ukba] == [[], [40], [41]]
    same = ("block", "at", "previous", "ledgers", "key", "root", "signature")
    assert [[line[name] for name in same] for line in paf] == [[line[name] for name in same] for line in ukba]
    assert {len(own["path"]) for line in (*paf, *ukba) for own in line["own"]} == {6}
    assert str(log.world.group("UKBA")) not in {str(own["ledger"]) for line in paf for own in line["own"]}


def test_the_web_role_reads_heads_but_no_seed_and_no_other_ledger(sealed):
    principal = sealed.world.principal("paf.auditor")
    with acting_as(principal), transaction.atomic():
        assert set(LedgerSeal.objects.values_list("agency_group_id", flat=True)) == {
            sealed.world.group("PAF")
        }
        assert AuditBlock.objects.values_list("root", flat=True).count() == 3
        with pytest.raises(Exception, match="permission denied"), connection.cursor() as cursor:
            cursor.execute("SELECT seed FROM audit_auditblock")


def test_publication_goes_on_where_a_crash_tore_a_line(sealed):
    whole = sealed.roots().read_bytes()
    sealed.roots().write_bytes(whole[:-40])
    sealed.publish()
    code, said = sealed.stand_alone("--against", sealed.roots("UKBA"))
    assert (code, last_published(sealed.roots())["block"]) == (0, 3), said
    assert sealed.verify().findings == []


def test_a_folder_that_cannot_be_written_to_is_said_in_a_sentence(sealed, tmp_path):
    place = tmp_path / "file"
    place.write_text("")
    with pytest.raises(SealingRefused, match="cannot be written to"):
        sealed.publish(place / "roots")


def test_a_key_names_its_successor_and_the_verifiers_follow(sealed):
    old, new = sealed.key, SealingKey(secrets.token_hex(32))
    with sealed.ingest():
        key_endorse(current=old, following=new)
    sealed.key = new
    sealed.block()
    assert sealed.verify().findings == []
    code, said = sealed.stand_alone()
    assert (code, f"first key {old.id}" in said) == (0, True), said
    assert sealed.stand_alone("--key", old.public.hex())[0] == 0
    assert sealed.stand_alone("--key", SealingKey(secrets.token_hex(32)).public.hex())[0] == 1


def test_a_lost_key_is_replaced_in_the_open(sealed):
    old, new = sealed.key, SealingKey(secrets.token_hex(32))
    with sealed.ingest():
        key_introduce(key=new)
    sealed.key = new
    sealed.block()
    assert [finding.code for finding in sealed.verify().findings] == ["key"]
    assert sealed.stand_alone()[0] == 1
    trusted = ("--key", old.public.hex(), "--key", new.public.hex())
    assert sealed.stand_alone(*trusted)[0] == 0


def test_the_commands_make_rotate_and_verify(sealed, settings, tmp_path, capsys):
    following = tmp_path / "next.key"
    current = tmp_path / "now.key"
    settings.JOCC_PROCESS = "ingest"
    call_command("audit_key", make=current)
    assert current.stat().st_mode & 0o077 == 0
    with sealed.ingest():
        key_endorse(current=sealed.key, following=key_read(current))
    settings.AUDIT_KEY_FILE = str(current)
    with sealed.ingest():
        call_command("audit_key", next=following)
        sealed.key = key_read(following)
        sealed.block()
        for code in ("DOUANES", "CCIC"):
            sealed.roots(code).write_bytes(sealed.roots("PAF").read_bytes())
        call_command("audit_verify", published=sealed.folder)
    assert "Everything holds." in capsys.readouterr().out
    with sealed.tampering() as cursor:
        cursor.execute("UPDATE audit_auditevent SET purpose = 'x' WHERE id = %s", [sealed.row_of_block(2).pk])
    with sealed.ingest(), pytest.raises(CommandError, match="FIRST BAD BLOCK: 2"):
        call_command("audit_verify", published=sealed.folder)


@pytest.mark.parametrize("content", [None, "short", "zz" * 32])
def test_a_key_that_cannot_be_used_is_said_in_a_sentence(content, tmp_path, settings):
    place = tmp_path / "key"
    if content is not None:
        place.write_text(content)
    with pytest.raises(SealingRefused):
        key_read(place)
    settings.AUDIT_KEY_FILE = ""
    with pytest.raises(SealingRefused, match="JOCC_AUDIT_KEY_FILE"):
        key_read()
