"""Answers remembered for a moment in this process, always under a name made of their reader's full rights.

Fifty open boards ask at the same nudge, and most of them may see the same. The first asks the database, the
others wait for its answer. Nothing that an officer does or must decide on is remembered here.
"""

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


#: Agency, groups and clearance: whose pages tick together (dashboard/live/hub.py).
Rights = tuple[int | None, tuple[int, ...], int]


class Audience(str):
    """The name of all who see the same in the same words, and the rights by which their pages tick."""

    rights: Rights


@dataclass(frozen=True, slots=True)
class _Answer(Generic[T]):
    """An answer, and when it was asked for (monotonic seconds)."""

    value: T
    asked: float


@dataclass(eq=False, slots=True)
class _Making:
    """An answer that is being made, and whether it has been forgotten already."""

    name: Hashable
    forgotten: bool = False


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
        self._making: set[_Making] = set()
        self._locks: dict[Hashable, threading.Lock] = {}
        self._guard = threading.Lock()
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
            return self._made(name, make) if known is None else known.value

    def forget(self, spared: Collection[Rights] = ()) -> None:
        """Forget everything but what belongs to the spared, also what is being answered at this moment."""
        with self._guard:
            for making in self._making:
                making.forgotten = making.forgotten or _rights(making.name) not in spared
            if spared:
                for name in [name for name in self._kept if _rights(name) not in spared]:
                    del self._kept[name]
            else:
                self._kept.clear()

    def _look(self, name: Hashable, seconds: float) -> _Answer[T] | None:
        with self._guard:
            known = self._kept.get(name)
        return known if known is not None and time.monotonic() - known.asked < seconds else None

    def _made(self, name: Hashable, make: Callable[[], T]) -> T:
        # As old as the question: what is committed while it is answered may be missing in it.
        making, asked = _Making(name), time.monotonic()
        with self._guard:
            self._making.add(making)
        try:
            answer = _Answer(make(), asked)
        except BaseException:
            making.forgotten = True
            raise
        finally:
            with self._guard:
                self._making.discard(making)
                if not making.forgotten:
                    self._keep(name, answer)
        return answer.value

    def _keep(self, name: Hashable, answer: _Answer[T]) -> None:
        self._kept[name] = answer
        self._kept.move_to_end(name)
        while len(self._kept) > self._most:
            old, _ = self._kept.popitem(last=False)
            self._locks.pop(old, None)


_all: list[Fresh[Any]] = []


def _rights(name: Hashable) -> Rights | None:
    """By which rights the pages tick that ask under this name; None where it does not begin with an audience."""
    first = name[0] if isinstance(name, tuple) and name else name
    return first.rights if isinstance(first, Audience) else None


def nudged_forget(topics: Collection[str] | None = None, spared: Collection[Rights] = ()) -> None:
    """Something has changed (None: anything may have): forget it, before the pages are told and ask again.

    The spared are told at a later turn; until then their pages have no reason to ask.
    """
    for kept in _all:
        about = kept.about
        if about is None or (topics is None and about) or not set(about).isdisjoint(topics or ()):
            kept.forget(spared)


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
SEEING = (Right.HIT_VIEW, Right.NOTICE_VIEW, Right.OUTAGE_VIEW)


def audience(principal: Principal) -> Audience:
    """All that decides what this reader sees and in which words: never shared by two who see different things.

    Officers of different roles share an answer when both may see the same.
    """
    named = digest(
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
    name = Audience(named)
    name.rights = rights_of_turn(principal)
    return name


def rights_of_turn(principal: Principal) -> Rights:
    """By what pages tick together: those whose officers share these may share answers."""
    return principal.agency_group, principal.groups, principal.clearance
