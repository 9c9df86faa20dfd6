"""The one principal of the running request, task or poll, shared by both walls."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connections
from psycopg2.extensions import TRANSACTION_STATUS_INERROR

from agencies.facts import NOBODY, Principal

acting: ContextVar[Principal] = ContextVar("acting", default=NOBODY)
#: What was read once for the principal who acts now (visible devices); renewed whenever the principal changes.
memory: ContextVar[dict[str, Any] | None] = ContextVar("memory", default=None)


def _push() -> None:
    for connection in connections.all(initialized_only=True):
        wrapper: Any = connection
        if (
            wrapper.in_atomic_block
            and wrapper.connection is not None
            and hasattr(wrapper, "apply_principal")
            and wrapper.connection.info.transaction_status != TRANSACTION_STATUS_INERROR
        ):
            wrapper.apply_principal()


def switch(principal: Principal) -> None:
    """Make `principal` the one who acts, also in transactions already open (used when a token signs in)."""
    acting.set(principal)
    memory.set({"principal": principal})
    _push()


@contextmanager
def acting_as(principal: Principal) -> Iterator[Principal]:
    """Act as `principal` inside the block, then as whoever acted before."""
    token, notes = acting.set(principal), memory.set({"principal": principal})
    _push()
    try:
        yield principal
    finally:
        acting.reset(token)
        memory.reset(notes)
        _push()
