"""Answers remembered for a moment in this process, always under a name made of their reader's full rights.

Fifty open boards ask at the same nudge, and most of them may see the same. The first asks the database, the
others wait for its answer. Nothing that an officer does or must decide on is remembered here.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.utils import timezone, translation

from agencies.access import visible_devices
from agencies.facts import Principal
from dashboard.markup import digest

T = TypeVar("T")


_all: list["Fresh[Any]"] = []


class Fresh(Generic[T]):
    """Keeps answers for up to `seconds`, the `most` that were asked for last."""

    def __init__(self, seconds: Callable[[], float], most: int = 200) -> None:
        self._seconds, self._most = seconds, most
        self._kept: OrderedDict[Hashable, tuple[float, T]] = OrderedDict()
        self._locks: dict[Hashable, threading.Lock] = {}
        self._guard = threading.Lock()
        _all.append(self)

    def get(self, name: Hashable, make: Callable[[], T]) -> T:
        """The answer under this name, made anew when it is too old; one maker at a time."""
        seconds = self._seconds()
        if seconds <= 0:
            return make()
        known = self._look(name, seconds)
        if known is not None:
            return known[1]
        with self._guard:
            lock = self._locks.setdefault(name, threading.Lock())
        with lock:
            known = self._look(name, seconds)
            if known is None:
                # As old as the question: what is committed while it is answered may be missing in it.
                asked = time.monotonic()
                known = (asked, make())
                self._keep(name, known)
        return known[1]

    def forget(self) -> None:
        """Forget everything at once."""
        with self._guard:
            self._kept.clear()

    def _look(self, name: Hashable, seconds: float) -> tuple[float, T] | None:
        with self._guard:
            known = self._kept.get(name)
        return known if known is not None and time.monotonic() - known[0] < seconds else None

    def _keep(self, name: Hashable, known: tuple[float, T]) -> None:
        with self._guard:
            self._kept[name] = known
            self._kept.move_to_end(name)
            while len(self._kept) > self._most:
                old, _ = self._kept.popitem(last=False)
                self._locks.pop(old, None)


def everything_forget() -> None:
    """Forget everything that this process remembers for its pages."""
    for kept in _all:
        kept.forget()


def board_seconds() -> float:
    """How long lines and lanes may be remembered: a recall must reach every page within two seconds."""
    return min(settings.BOARD_FRESH_S, 1.0)


def plots_seconds() -> float:
    """How long the plots of the day may be remembered."""
    return settings.BOARD_FRESH_S * 60


def audience(principal: Principal) -> str:
    """All that decides what this reader sees and in which words: never shared by two with different rights."""
    return digest(
        principal.groups,
        principal.clearance,
        principal.role,
        principal.is_authority,
        tuple(visible_devices(principal)),
        translation.get_language(),
        timezone.get_current_timezone_name(),
    )
