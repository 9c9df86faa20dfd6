"""Answers remembered for a moment in this process, always under a name made of their reader's full rights.

Fifty open boards ask at the same nudge, and most of them may see the same. The first asks the database, the
others wait for its answer. Nothing that an officer does or must decide on is remembered here.
"""

import itertools
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.utils import timezone, translation

from agencies.access import visible_devices
from agencies.actions import Right
from agencies.facts import Principal
from agencies.rules.rights import may
from dashboard.markup import digest

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Answer(Generic[T]):
    """An answer, when it was asked for (monotonic seconds) and how often all had been forgotten by then."""

    value: T
    asked: float
    era: int


class Fresh(Generic[T]):
    """Keeps answers for up to `seconds`, the `most` that were asked for last.

    A nudge about one of the topics in `about` (None: about anything) makes everything old: whoever asks because
    of it gets what it is about. What is about nothing outlasts all nudges.
    """

    def __init__(
        self, seconds: Callable[[], float], *, about: Collection[str] | None = None, most: int = 200
    ) -> None:
        self._seconds, self._most = seconds, most
        self._kept: OrderedDict[Hashable, _Answer[T]] = OrderedDict()
        self._locks: dict[Hashable, threading.Lock] = {}
        self._guard = threading.Lock()
        self._era = 0
        self.about = about
        _all.append(self)

    def get(self, name: Hashable, make: Callable[[], T]) -> T:
        """The answer under this name, made anew when it is too old; one maker at a time."""
        seconds = self._seconds()
        if seconds <= 0:
            return make()
        known = self._look(name, seconds)
        if known is not None:
            return known.value
        with self._guard:
            lock = self._locks.setdefault(name, threading.Lock())
        with lock:
            known = self._look(name, seconds)
            if known is None:
                # As old as the question: what is committed while it is answered may be missing in it.
                asked, era = time.monotonic(), self._era
                known = _Answer(make(), asked, era)
                self._keep(name, known)
        return known.value

    def forget(self) -> None:
        """Forget everything, also what is being answered at this moment."""
        with self._guard:
            self._era = next(_eras)
            self._kept.clear()

    def _look(self, name: Hashable, seconds: float) -> _Answer[T] | None:
        with self._guard:
            known = self._kept.get(name)
        if known is None or known.era != self._era or time.monotonic() - known.asked >= seconds:
            return None
        return known

    def _keep(self, name: Hashable, known: _Answer[T]) -> None:
        with self._guard:
            self._kept[name] = known
            self._kept.move_to_end(name)
            while len(self._kept) > self._most:
                old, _ = self._kept.popitem(last=False)
                self._locks.pop(old, None)


_eras = itertools.count(1)
_all: list[Fresh[Any]] = []


def nudged_forget(topics: Collection[str] | None = None) -> None:
    """Something has changed (None: anything may have): forget it, before the pages are told and ask again."""
    for kept in _all:
        if (
            kept.about is None
            or (topics is None and kept.about)
            or not set(kept.about).isdisjoint(topics or ())
        ):
            kept.forget()


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


#: The rights on which hangs what lines, lanes and plots show; others decide on acts and other pages. A test finds
#: out whether the selectors of remembered answers ask for one that is not named here.
SEEING = (Right.HIT_VIEW, Right.NOTICE_VIEW)


def audience(principal: Principal) -> str:
    """All that decides what this reader sees and in which words: never shared by two who see different things.

    Officers of different roles share an answer when both may see the same.
    """
    return digest(
        principal.agency_group,
        principal.groups,
        principal.clearance,
        principal.country,
        principal.is_authority,
        [may(principal, right) for right in SEEING],
        tuple(visible_devices(principal)),
        translation.get_language(),
        timezone.get_current_timezone_name(),
    )
