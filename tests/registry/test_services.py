"""Every service and selector that begins by asking for a right refuses whoever holds none, whatever else is given.

They are found by reading the sources, so that a new one is asked as well.
"""

import ast
import dataclasses
import importlib
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest

from agencies.acting import acting_as
from agencies.rules.rights import RightMissing
from tests.registry.inventory import OURS, ROOT

pytestmark = pytest.mark.django_db
_FOLDERS = ("services", "selectors")


def _asking() -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
    """Module, function, the parameter that acts, and the other parameters without a default."""
    for app in OURS:
        for path in sorted(p for folder in _FOLDERS for p in (ROOT / app / folder).rglob("*.py")):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                found = _first_require(node)
                if isinstance(node, ast.FunctionDef) and found:
                    yield _module(path), node.name, found, _needed(node, found)


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _first_require(node: ast.AST) -> str | None:
    """Who must hold the right, when that is the first thing that the function does."""
    if not isinstance(node, ast.FunctionDef):
        return None
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    first = body[0] if body else None
    call = first.value if isinstance(first, ast.Expr) else None
    if not (isinstance(call, ast.Call) and ast.unparse(call.func) == "require"):
        return None
    if not ast.unparse(call.args[1]).startswith("Right."):
        return None  # which right it is follows from what is given; such a service has a test of its own
    who = ast.unparse(call.args[0])
    return who if who in {each.arg for each in (*node.args.args, *node.args.kwonlyargs)} else None


def _needed(node: ast.FunctionDef, who: str) -> tuple[str, ...]:
    given = node.args
    plain = given.args[: len(given.args) - len(given.defaults)]
    named = [
        each for each, default in zip(given.kwonlyargs, given.kw_defaults, strict=True) if default is None
    ]
    return tuple(each.arg for each in (*plain, *named) if each.arg != who)


ASKING = list(_asking())


def test_there_are_many_of_them():
    assert len(ASKING) > 20


@pytest.mark.parametrize(
    ("module", "name", "who", "needed"), ASKING, ids=[f"{module}.{name}" for module, name, *_ in ASKING]
)
def test_without_the_right_nothing_is_done(world, module, name, who, needed):
    nobody = dataclasses.replace(world.principal("paf.officer"), role="", scopes=frozenset())
    service = getattr(importlib.import_module(module), name)
    with acting_as(nobody), pytest.raises(RightMissing):
        service(**{who: nobody}, **{each: mock.MagicMock() for each in needed})
