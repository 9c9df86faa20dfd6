"""How fast the record is sealed beside its writers, and how long a million of its rows take to verify."""

import secrets
import threading
import time

from django.db import connection, connections, transaction

from agencies.acting import acting_as
from agencies.facts import INGEST, OWNER
from audit.rules.signatures import SealingKey
from audit.selectors.verification import record_verify
from audit.services.sealing import block_seal
from jocc.bench.report import BenchFailed, Report, Screen

_ROWS = 1_000_000
_WRITING_ROWS, _PACE = 150_000, 5_000
_CHUNK = 500
#: Rows of the size of true ones: an actor, one object, a purpose, a request, a little detail; of four agencies.
_WRITE = """
INSERT INTO audit_auditevent (actor, actor_uid, actor_label, agency_group_id, action, object_type, object_uids,
                              purpose, request_id, detail)
SELECT 'officer', ('00000000-0000-4000-8000-' || lpad((n %% 300)::text, 12, '0'))::uuid, 'Officer number ' || n %% 300,
       (SELECT array_agg(group_id ORDER BY id) FROM agencies_agency)[1 + n %% 4], 'lookout.read', 'lookout',
       ARRAY[gen_random_uuid()], 'Night shift, outbound freight', md5(n::text), jsonb_build_object('rows', n)
  FROM generate_series(%s, %s) n
"""


def audit_measure(screen: Screen, report: Report) -> None:
    """Seal while rows are written, write up to a million, seal the rest, verify all of it."""
    key = SealingKey(secrets.token_hex(32))
    with acting_as(OWNER):
        _seal_all(key)  # what the demonstration world has left
        screen.say("  sealing beside a writer …")
        beside = _beside(key)
        screen.say(
            f"  {beside['rows_per_second']:,.0f} rows/s sealed, the writer wrote {beside['written_per_second']:,.0f}/s"
        )
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM audit_auditevent")
            have = cursor.fetchone()[0]
        for begin in range(have, _ROWS, 50_000):
            _write(begin, min(begin + 50_000, _ROWS), 5_000)
        sealing = time.perf_counter()
        rest = _seal_all(key)
        sealing = time.perf_counter() - sealing
        screen.say(f"  {rest:,} more rows sealed in {sealing:.1f} s, verifying …")
        begun = time.perf_counter()
        with transaction.atomic():
            verdict = record_verify()
        seconds = time.perf_counter() - begun
    if verdict.findings or verdict.unsealed:
        raise BenchFailed(
            f"The record does not verify: {verdict.findings[:3]}, {verdict.unsealed} rows unsealed."
        )
    report.add(
        "audit",
        {
            "audit_sealed_rows_per_second": beside["rows_per_second"],
            "audit_verify_million_seconds": seconds * 1_000_000 / verdict.rows,
        },
        {**beside, "rows": verdict.rows, "blocks": verdict.blocks, "alone_rows_per_second": rest / sealing},
    )


def _seal_all(key: SealingKey) -> int:
    rows = 0
    while (sealed := block_seal(key)) is not None and (sealed.rows or sealed.more):
        rows += sealed.rows
    return rows


def _beside(key: SealingKey) -> dict[str, float]:
    """A thread writes as many rows a second as must be kept up with, this one seals every second.

    The figure is what the sealer can do: rows sealed for each second in which it worked, beside the writer.
    """
    faults: list[Exception] = []
    wrote = [0.0]

    def writes() -> None:
        begun = time.perf_counter()
        try:
            with acting_as(INGEST):
                for start in range(0, _WRITING_ROWS, _CHUNK):
                    _write(start, start + _CHUNK, _CHUNK)
                    time.sleep(max(0.0, begun + (start + _CHUNK) / _PACE - time.perf_counter()))
        except Exception as error:
            faults.append(error)
        finally:
            wrote[0] = time.perf_counter() - begun
            connections.close_all()

    writer = threading.Thread(target=writes)
    sealed, busy = 0, 0.0
    writer.start()
    while sealed < _WRITING_ROWS and not faults:
        turn = time.perf_counter()
        sealed += _seal_all(key)
        busy += time.perf_counter() - turn
        if writer.is_alive():
            time.sleep(1)
    writer.join()
    if faults:
        raise BenchFailed(f"The writer failed: {faults[0]}")
    return {
        "rows_per_second": sealed / busy,
        "written_per_second": _WRITING_ROWS / wrote[0],
        "sealer_busy_share": busy / wrote[0],
    }


def _write(begin: int, end: int, chunk: int) -> None:
    for start in range(begin, end, chunk):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_WRITE, [start + 1, min(start + chunk, end)])
