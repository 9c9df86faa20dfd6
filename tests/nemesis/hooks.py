"""Imported by the workers of these tests only (`-I`).

Leases end soon, the moment between the effects and the commit is long, so that many die in it, one payload
kills whoever reads it, and the failpoints of the worker stand around its steps.
"""

import os
import random
import signal
import time
from typing import Any

from scanning.services.ingest import lease, read, run
from tests.nemesis.failpoints import reached
from tests.nemesis.traffic import BOMB

lease.LEASE_S = 1
_decode, _put_away = read.decode, run._put_away
_chunks, _batch_write, _chunk_write = run._chunks, run.batch_write, run._chunk_write


def _decode_or_die(body: bytes, *details: Any) -> Any:
    if BOMB in body:
        os.kill(os.getpid(), signal.SIGKILL)
    return _decode(body, *details)


def _put_away_slowly(outcomes: Any) -> None:
    if outcomes:
        reached("before-done")
    _put_away(outcomes)
    if outcomes:
        reached("before-effects-commit")
    time.sleep(random.uniform(0, 0.2))


def _chunks_of_leased(leased: Any) -> Any:
    if leased:
        reached("leased")
    return _chunks(leased)


def _batch_write_half(items: Any, slots: Any) -> None:
    _batch_write(items, slots)
    reached("mid-effect")


def _chunk_write_whole(decoded: Any, *, patient: bool) -> bool:
    written = _chunk_write(decoded, patient=patient)
    if written:
        reached("after-effects-commit")
    return written


read.decode = _decode_or_die  # type: ignore[assignment]
run._put_away = _put_away_slowly
run._chunks = _chunks_of_leased
run.batch_write = _batch_write_half
run._chunk_write = _chunk_write_whole
