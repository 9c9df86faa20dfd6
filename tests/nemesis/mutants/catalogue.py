"""All mutants: those of predicates in the code, and those of declarations."""

import dataclasses
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from tests.nemesis.mutants import declared
from tests.nemesis.mutants.predicates import ROOT, Predicate, mutant, predicates, sources
from tests.nemesis.mutants.swap import swapped


@dataclasses.dataclass(frozen=True)
class Mutant:
    """One predicate that is open while `opened()` lasts, and where the tests of it are found by name."""

    name: str
    kind: str
    path: str
    line: int
    text: str
    opened: Callable[[], AbstractContextManager[Any]]
    tests: tuple[str, ...]


def _by_name(predicate: Predicate) -> tuple[str, ...]:
    """Where to look for a test when none is known to come by."""
    if predicate.kind == "middleware":
        return (
            "tests/two_worlds/test_str",
            "tests/two_worlds/test_mid",
            "tests/admin/",
            "tests/dashboard/test_pref",
        )
    if predicate.kind.startswith("wall-"):
        return ("tests/two_worlds/test_either", "tests/agencies/test_walls", "tests/audit/")
    app = predicate.path.split("/")[0]
    return ("tests/two_worlds/", f"tests/{app}/", "tests/admin/")


def catalogue_read() -> list[Mutant]:
    """Every mutant, in the order of the sources."""
    found = []
    for source in sources():
        for predicate in predicates(source):

            def opened(source: Any = source, name: str = predicate.name) -> AbstractContextManager[Any]:
                return swapped(source, mutant(source, name))

            found.append(_mutant(predicate, opened))
    for predicate, opening in (declared.declarations() | declared.middleware() | declared.walls()).items():
        found.append(_mutant(predicate, opening))
    return found


def _mutant(predicate: Predicate, opened: Callable[[], AbstractContextManager[Any]]) -> Mutant:
    return Mutant(
        predicate.name,
        predicate.kind,
        predicate.path,
        predicate.line,
        predicate.text,
        opened,
        _by_name(predicate),
    )


__all__ = ["ROOT", "Mutant", "catalogue_read"]
