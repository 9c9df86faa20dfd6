"""Every predicate of permission in the sources, found by reading them: what it says, and how it reads when it is open.

A predicate is a place where the code asks who may: a call of `require` or `may`, a queryset put through the gate,
a condition on groups, clearance, authority or expiry that refuses, a filter by one of these, a method that
answers whether somebody is permitted. The mutant of a predicate lets everybody through at that place.
"""

import ast
import copy
import dataclasses
import re
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
APPS = ("agencies", "audit", "dashboard", "intelligence", "jocc", "liaison", "operations", "scanning")
#: Not the centre's own service: what prepares, measures and invents.
_ASIDE = re.compile(r"/(migrations|management|simulator|bench|demo|settings|formats)/")
_MODULE = "__jocc_mutants__"

_GUARDED = re.compile(
    r"\b(groups|agency_group|clearance|is_authority|originator_id|is_own|is_active|expires_at|revoked_at"
    r"|allowed_addresses|scopes|role|agency_id)\b"
)
_NARROWED = re.compile(
    r"\b(groups|agency_group|agency_group_of|own_group|clearance|originator_id|principal|reader)\b"
)
_CURRENT = re.compile(r"(^|__)(is_active|revoked_at|expires_at)(__|$)")
_ANSWERS = re.compile(r"^(has_\w*permission|_?\w+_allowed|may_\w+|act_offered)$")


@dataclasses.dataclass(frozen=True, order=True)
class Predicate:
    """One place that asks who may; `name` stays the same when lines move."""

    name: str
    path: str
    function: str
    kind: str
    line: int
    text: str


Decide = Callable[[str, ast.AST, ast.AST], ast.AST]


def _call(name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(ast.Attribute(ast.Name(_MODULE, ast.Load()), name, ast.Load()), list(arguments), [])


class _Sites(ast.NodeTransformer):
    """Walks through one function and asks `decide` at each predicate what shall stand there."""

    def __init__(self, decide: Decide) -> None:
        self._decide = decide

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        if isinstance(node.value, ast.Call) and _named(node.value) == "require":
            return self._decide("require", node, ast.Pass())
        return self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        last = node.body[-1]
        opens = isinstance(last, ast.Return) and ast.unparse(last) == "return True"
        if _ANSWERS.match(node.name) and not (opens and len(node.body) <= 2):
            opened = copy.copy(node)
            opened.body = [ast.Return(ast.Constant(True))]
            return self._decide("answer", node, opened)
        return node

    def visit_If(self, node: ast.If) -> ast.AST:
        text = ast.unparse(node.test)
        leaves = isinstance(node.body[-1], ast.Raise | ast.Return | ast.Continue)
        asked = any(_is_site(part) for part in ast.walk(node.test))
        self.generic_visit(node)
        if leaves and not asked and _GUARDED.search(text):
            opened = copy.copy(node)
            opened.test = ast.Constant(False)
            return self._decide("guard", node, opened)
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        if _is_membership(node):
            return self._decide("own", node, ast.Constant(isinstance(node.ops[0], ast.In)))
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        if node.attr == "is_authority" and isinstance(node.ctx, ast.Load):
            return self._decide("authority", node, ast.Constant(True))
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.func, ast.Attribute):
            return self._method(node, node.func.value)
        name = _named(node)
        if name == "may" and len(node.args) == 2:
            return self._decide("may", node, ast.Constant(True))
        if name == "visible_devices":
            return self._decide("devices", node, _call("all_devices"))
        return node

    def _method(self, node: ast.Call, rows: ast.expr) -> ast.AST:
        name = _named(node)
        if name == "visible_to":
            opened = ast.Call(ast.Attribute(rows, "all", ast.Load()), [], [])
            return self._decide("gate", node, opened)
        if name == "get_visible":
            return self._decide("gate", node, _call("any_one", rows, node.args[1]))
        if name in {"filter", "exclude"}:
            return self._narrowed(node, [*node.args, *node.keywords])
        return self._narrowed(node, list(node.keywords)) if name == "get" else node

    def _narrowed(self, node: ast.Call, parts: list[ast.expr | ast.keyword]) -> ast.AST:
        """A filter by who asks, or by what is current: the mutant leaves that condition out."""
        found: ast.AST = node
        for part in parts:
            named = isinstance(part, ast.keyword) and _CURRENT.search(part.arg or "")
            if not (named or _NARROWED.search(ast.unparse(part))):
                continue
            wider = copy.copy(node)
            wider.args = [each for each in node.args if each is not part]
            wider.keywords = [each for each in node.keywords if each is not part]
            found = self._decide("filter", found, wider)
        return found


def _named(node: ast.Call) -> str:
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _is_membership(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Compare)
        and isinstance(node.ops[0], ast.In | ast.NotIn)
        and isinstance(node.comparators[0], ast.Attribute)
        and node.comparators[0].attr in {"groups", "authorities", "scopes"}
    )


def _is_site(node: ast.AST) -> bool:
    """Whether a mutant of its own stands for this part of a condition."""
    if isinstance(node, ast.Call) and _named(node) in {"may", "visible_to", "visible_devices"}:
        return True
    return _is_membership(node) or (isinstance(node, ast.Attribute) and node.attr == "is_authority")


def sources() -> Iterator[Path]:
    """The modules that are read for predicates."""
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if not _ASIDE.search(f"/{path.relative_to(ROOT)}"):
                yield path


def _functions(body: list[ast.stmt], prefix: str = "") -> Iterator[tuple[list[ast.stmt], int, str]]:
    """Every outermost function and method as (list it stands in, place in it, qualified name)."""
    for place, node in enumerate(body):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield body, place, prefix + node.name
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node.body, f"{prefix}{node.name}.")


def _walk(path: Path, decide: Callable[[Predicate, ast.AST, ast.AST], ast.AST]) -> ast.Module:
    """Read a module and ask `decide` at each predicate; returns the module as it then stands."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    short = str(path.relative_to(ROOT))
    for body, place, function in _functions(tree.body):
        numbers: dict[str, int] = {}

        def at(
            kind: str,
            node: ast.AST,
            opened: ast.AST,
            function: str = function,
            numbers: dict[str, int] = numbers,
        ) -> ast.AST:
            numbers[kind] = numbers.get(kind, 0) + 1
            name = f"{short}:{function}:{kind}:{numbers[kind]}"
            line = getattr(node, "lineno", 0)
            text = (
                f"def {node.name}(…)"
                if isinstance(node, ast.FunctionDef)
                else ast.unparse(node).split("\n")[0]
            )
            return decide(Predicate(name, short, function, kind, line, text), node, opened)

        body[place] = _Sites(at).visit(body[place])
    return tree


def predicates(path: Path) -> list[Predicate]:
    """The predicates of one module."""
    found: list[Predicate] = []

    def note(predicate: Predicate, node: ast.AST, _: ast.AST) -> ast.AST:
        found.append(predicate)
        return node

    _walk(path, note)
    return found


def mutant(path: Path, name: str) -> ast.Module:
    """The module with this one predicate open."""

    def chosen(predicate: Predicate, node: ast.AST, opened: ast.AST) -> ast.AST:
        return ast.copy_location(opened, node) if predicate.name == name else node

    return ast.fix_missing_locations(_walk(path, chosen))


def probed(path: Path) -> ast.Module:
    """The module as it is, but every predicate notes that it is asked."""

    def with_probe(predicate: Predicate, node: ast.AST, _: ast.AST) -> ast.AST:
        note = _call("seen", ast.Constant(predicate.name))
        if isinstance(node, ast.FunctionDef):
            node.body.insert(0, ast.copy_location(ast.Expr(note), node.body[0]))
            return node
        if isinstance(node, ast.stmt):
            both = ast.If(ast.Constant(True), [ast.Expr(note), node], [])
            return ast.copy_location(both, node)
        pair = ast.Tuple([note, node], ast.Load())  # type: ignore[list-item]
        return ast.copy_location(ast.Subscript(pair, ast.Constant(1), ast.Load()), node)

    return ast.fix_missing_locations(_walk(path, with_probe))
