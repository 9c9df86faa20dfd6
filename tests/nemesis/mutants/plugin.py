"""pytest runs the tests of one mutant after another in one process and one database.

`record`: run every collected test once and note which predicates it comes by. `hunt`: for each mutant run the tests
that come by its predicate, first the one that killed it last time; a mutant dies when one of them fails, and
only if that test passes again once the mutant has gone.
"""

import contextlib
import dataclasses
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from tests.nemesis.mutants import openings
from tests.nemesis.mutants.catalogue import Mutant, catalogue_read
from tests.nemesis.mutants.predicates import probed, sources
from tests.nemesis.mutants.swap import put, put_back

#: Which tests to try first: those that compare all there is, by what kind of predicate it is.
_WALLS = (
    "tests/two_worlds/test_two_worlds.py::test_the_gate",
    "tests/two_worlds/test_either_wall",
    "tests/two_worlds/test_orm_equals",
)
_DOORS = ("tests/registry/", "tests/admin/")
_OF_DOORS = {
    "may",
    "require",
    "answer",
    "rights",
    "scopes",
    "permission_classes",
    "view_rights",
    "add_right",
    "change_right",
}

#: A test that took so many seconds is tried after all the others.
LONG_S = 2.0


@dataclasses.dataclass
class Plan:
    """What the session shall do, and what came of it."""

    hunt: list[str] | None = None  # names of mutants; None records instead
    reach: dict[str, list[str]] = dataclasses.field(default_factory=dict)  # predicate: tests, quickest first
    killers: dict[str, list[str]] = dataclasses.field(default_factory=dict)
    seconds: float = 1e9  # for the whole hunt
    each: float = 40.0  # for one mutant
    tell: Callable[[str], None] = print
    keep: Callable[[str, dict[str, Any]], None] = lambda name, verdict: None
    verdicts: dict[str, dict[str, Any]] = dataclasses.field(default_factory=dict)
    times: dict[str, float] = dataclasses.field(default_factory=dict)


class Hunter:
    """The plugin."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self._part_failed = plan, False
        self._kills: Counter[str] = Counter(test for tests in plan.killers.values() for test in tests)
        self._took: dict[str, float] = {}

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """A database and a corner of the cache of its own: the ordinary suite may be running beside it."""
        from django.conf import settings  # noqa: PLC0415  (pytest-django has set it up by now)

        own = {"NAME": "test_jocc_mutants", "DEPENDENCIES": []}
        settings.DATABASES["owner"]["TEST"] = settings.DATABASES["owner"].get("TEST", {}) | own
        settings.CACHES["default"]["KEY_PREFIX"] = "testmutants"

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Instead of pytest's own loop."""
        reporter = session.config.pluginmanager.get_plugin("terminalreporter")
        session.config.pluginmanager.unregister(reporter)
        self._session, self._items = session, {item.nodeid: item for item in session.items}
        try:
            if self.plan.hunt is None:
                self._record()
            else:
                self._hunt(self.plan.hunt)
        finally:
            session._setupstate.teardown_exact(None)
            session.testsfailed = 0
        return True

    # Recording.

    def _record(self) -> None:
        before = []
        for source in sources():
            before += put(source, probed(source))
        reach: dict[str, list[tuple[float, str]]] = {}
        try:
            for number, item in enumerate(self._session.items, start=1):
                openings.reached.clear()
                began = time.monotonic()
                passed = self._passes(item.nodeid)
                took = time.monotonic() - began
                self.plan.times[item.nodeid] = took
                if not passed:
                    self.plan.tell(f"  fails without any mutant, so it is left out: {item.nodeid}")
                    continue
                for name in openings.reached:
                    reach.setdefault(name, []).append((took, item.nodeid))
                if number % 100 == 0:
                    self.plan.tell(f"  {number} of {len(self._items)} tests have been watched")
        finally:
            put_back(before)
        self.plan.reach = {name: [test for _, test in sorted(tests)] for name, tests in reach.items()}

    def _passes(self, test: str) -> bool:
        item, self._part_failed = self._items[test], False
        # The session as what comes next: its fixtures stay up, everything below is taken down.
        try:
            reports = runtestprotocol(item, log=False, nextitem=self._session)
        except Exception:  # pytest could not even describe the failure
            with contextlib.suppress(Exception):
                self._session._setupstate.teardown_exact(self._session)
            return False
        return not self._part_failed and not any(report.failed for report in reports)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """The parts of a test (subtests) are reported by themselves."""
        self._part_failed |= report.failed

    # Hunting.

    def _hunt(self, names: list[str]) -> None:
        mutants = {mutant.name: mutant for mutant in catalogue_read()}
        began = time.monotonic()
        for number, name in enumerate(names, start=1):
            if time.monotonic() - began > self.plan.seconds:
                break
            if name not in mutants:
                continue
            started = time.monotonic()
            verdict = self._judged(mutants[name])
            verdict["seconds"] = round(time.monotonic() - started, 2)
            self.plan.verdicts[name] = verdict
            self.plan.keep(name, verdict)
            by = verdict.get("by", "")
            self.plan.tell(f"  {number} of {len(names)} {verdict['verdict']:<9} {name} {by}")

    def _judged(self, mutant: Mutant) -> dict[str, Any]:
        tests = self._tests_for(mutant)
        if not tests:
            return {"verdict": "untested", "line": mutant.line, "text": mutant.text}
        deadline, tried = time.monotonic() + self.plan.each, 0
        for test in tests:
            began = time.monotonic()
            with self._alive(mutant):
                passed = self._passes(test)
            if passed:  # one that fails may end at once
                self._took[test] = time.monotonic() - began
            tried += 1
            if not passed:
                if self._passes(test):
                    self._kills[test] += 1
                    return {"verdict": "killed", "by": test, "tried": tried}
                self.plan.tell(f"  fails without the mutant too: {test}")
            if time.monotonic() > deadline:
                break
        return {
            "verdict": "survived",
            "tried": tried,
            "of": len(tests),
            "line": mutant.line,
            "text": mutant.text,
        }

    def _tests_for(self, mutant: Mutant) -> list[str]:
        wanted = [*self.plan.killers.get(mutant.name, ()), *self.plan.reach.get(mutant.name, ())]
        if not self.plan.reach.get(mutant.name):
            wanted += [test for test in self._items if test.startswith(mutant.tests)]
        found = [test for test in dict.fromkeys(wanted) if test in self._items]
        # The one that killed this mutant; then what has killed others; tests that compare everything come before tests
        # of one button; and what takes long (properties with hundreds of examples) comes last.
        first, own = _DOORS if mutant.kind in _OF_DOORS else _WALLS, self.plan.killers.get(mutant.name, ())
        return sorted(
            found,
            key=lambda test: (
                test not in own,
                self._took.get(test, 0) > LONG_S,
                -self._kills[test],
                not test.startswith(first),
            ),
        )

    @contextlib.contextmanager
    def _alive(self, mutant: Mutant) -> Iterator[None]:
        blocker = _blocker(self._session.config)
        with contextlib.ExitStack() as stack:
            with blocker.unblock():
                stack.enter_context(mutant.opened())
            try:
                yield
            finally:
                with blocker.unblock():
                    stack.close()


def _blocker(config: pytest.Config) -> Any:
    from pytest_django.plugin import blocking_manager_key  # noqa: PLC0415

    return config.stash[blocking_manager_key]
