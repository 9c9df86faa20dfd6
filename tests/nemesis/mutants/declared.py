"""Predicates that are declarations: what a view or an admin page asks for, middleware, and the walls of the database."""

import ast
import contextlib
import dataclasses
import importlib
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

from django.conf import settings
from django.db import connections

from agencies.actions import Right
from agencies.api.permissions import HasScope, HoldsRight
from agencies.walls import READER, Wall, wall_apply
from jocc.walls import WALLS
from tests.nemesis.mutants.predicates import ROOT, Predicate, sources
from tests.nemesis.mutants.swap import module_of

Opened = Callable[[], AbstractContextManager[None]]

_NAMES = {"permission_classes", "rights", "scopes", "view_rights", "add_right", "change_right", "acts"}
#: Held by every officer of every agency and every role.
_LEAST = Right.BOARD_VIEW


@contextlib.contextmanager
def _set(owner: Any, name: str, value: Any) -> Iterator[None]:
    had, before = name in vars(owner), vars(owner).get(name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        if had:
            setattr(owner, name, before)
        else:
            delattr(owner, name)


def _class(path: str, function: str) -> Any:
    found: Any = importlib.import_module(module_of(ROOT / path))
    for word in function.split("."):
        found = getattr(found, word)
    return found


def _declaration(predicate: Predicate) -> Opened:
    """The class with this one declaration open."""

    def opened() -> AbstractContextManager[None]:
        found = _class(predicate.path, predicate.function)
        kind, _, act = predicate.kind.partition("-")
        if kind == "permission_classes":
            return _set(found, kind, [])
        if kind in {"rights", "scopes"}:
            asks = HoldsRight if kind == "rights" else HasScope
            left = [each for each in found.permission_classes if each is not asks]
            return _set(found, "permission_classes", left)
        if kind == "acts":
            opened = [dataclasses.replace(a, right=_LEAST) if a.name == act else a for a in found.acts]
            return _set(found, kind, tuple(opened))
        return _set(found, kind, frozenset(Right) if kind == "view_rights" else _LEAST)

    return opened


def _of_class(path: str, node: ast.ClassDef) -> Iterator[Predicate]:
    for statement in node.body:
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        for name in (t.id for t in targets if isinstance(t, ast.Name) and t.id in _NAMES):
            text = ast.unparse(statement)
            kinds = [name]
            if name == "acts":
                calls = [part for part in ast.walk(statement.value) if isinstance(part, ast.Call)]
                words = {k.arg: k.value for call in calls for k in call.keywords if k.arg == "name"}
                kinds = [
                    f"acts-{ast.literal_eval(keyword.value)}"
                    for call in calls
                    for keyword in call.keywords
                    if keyword.arg == "name" and words
                ]
            for kind in kinds:
                yield Predicate(
                    f"{path}:{node.name}:{kind}:1",
                    path,
                    node.name,
                    kind,
                    statement.lineno,
                    text.split("\n")[0],
                )


def declarations() -> dict[Predicate, Opened]:
    """What classes declare: rights and scopes of routes, rights of admin pages and of acts."""
    found = {}
    for source in sources():
        path = str(source.relative_to(ROOT))
        if "/tests/" in path:
            continue
        for node in ast.parse(source.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef):
                found |= {predicate: _declaration(predicate) for predicate in _of_class(path, node)}
    return found


_SECURITY = (
    "SecurityMiddleware",
    "CSPMiddleware",
    "Csrf",
    "LoginRequired",
    "acting_officer",
    "Clickjacking",
    "XFrame",
)


def middleware() -> dict[Predicate, Opened]:
    """Each piece of middleware that guards something, taken out."""

    def without(entry: str) -> Opened:
        return lambda: _set(settings, "MIDDLEWARE", [each for each in settings.MIDDLEWARE if each != entry])

    found: dict[Predicate, Opened] = {}
    for entry in settings.MIDDLEWARE:
        if any(word in entry for word in _SECURITY):
            name = entry.rpartition(".")[2]
            place = "jocc/settings/base.py"
            found[Predicate(f"{place}:{name}:middleware:1", place, name, "middleware", 0, entry)] = without(
                entry
            )
    return found


@contextlib.contextmanager
def _applied(wall: Wall) -> Iterator[None]:
    """The database with this wall, for everybody; then with the wall as declared."""
    original = next(each for each in WALLS if each.table == wall.table)
    _put_up(wall)
    try:
        yield
    finally:
        _put_up(original)


def _put_up(wall: Wall) -> None:
    """On a connection of its own, so that it neither waits for a test's transaction nor ends with it."""
    connection = connections["owner"].copy()
    try:
        with connection.cursor() as cursor:
            wall_apply(cursor, wall)
    finally:
        connection.close()


#: The reader's rule part by part: dropping one must be noticed.
_PARTS = {
    "viewers": ("viewers && jocc_groups() AND ", ""),
    "clearance": (" AND classification <= (SELECT jocc_clearance())", ""),
    "expiry": (READER[READER.index(" AND (expires_at") :], ""),
}


def _wider(wall: Wall) -> Iterator[tuple[str, Wall]]:
    for rule in ("reader", "author", "editor", "remover"):
        text = getattr(wall, rule)
        if text is not None and text != "true":
            yield rule, dataclasses.replace(wall, **{rule: "true"})
        if text == READER:
            for part, (what, instead) in _PARTS.items():
                yield f"{rule}-{part}", dataclasses.replace(wall, **{rule: READER.replace(what, instead)})
    if not wall.secured:
        return
    for word in ("INSERT", "DELETE"):
        if word not in wall.web:
            yield f"web-{word.lower()}", dataclasses.replace(wall, web=(*wall.web, word))
    if tuple(wall.web_update) != ("*",):
        yield "web-update", dataclasses.replace(wall, web_update=("*",))
    if wall.append_only:
        yield "web-alter", dataclasses.replace(wall, web=(*wall.web, "UPDATE", "DELETE"))


def walls() -> dict[Predicate, Opened]:
    """Each policy of each table let through everything, and each privilege that the web role does not have."""
    found: dict[Predicate, Opened] = {}
    for wall in WALLS:
        for kind, wider in _wider(wall):
            text = json.dumps(getattr(wall, kind.split("-")[0], "") if "-" not in kind else kind)[:120]
            name = f"walls:{wall.table}:{kind}:1"
            found[Predicate(name, "walls", wall.table, f"wall-{kind}", 0, text)] = (
                lambda wider=wider: _applied(wider)  # type: ignore[misc]
            )
    return found
