"""Imported by the workers of these tests only (`-I`).

Leases end soon, the moment between the effects and the commit is long, so that many die in it, and one
payload kills whoever reads it.
"""

import os
import random
import signal
import time
from typing import Any

from scanning.services.ingest import lease, read, run
from tests.nemesis.traffic import BOMB

lease.LEASE_S = 1
_decode, _put_away = read.decode, run._put_away


def _decode_or_die(body: bytes, *details: Any) -> Any:
    if BOMB in body:
        os.kill(os.getpid(), signal.SIGKILL)
    return _decode(body, *details)


read.decode = _decode_or_die  # type: ignore[assignment]


def _put_away_slowly(outcomes: Any) -> None:
    _put_away(outcomes)
    time.sleep(random.uniform(0, 0.2))


run._put_away = _put_away_slowly
