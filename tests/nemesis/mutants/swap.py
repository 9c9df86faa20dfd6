"""Put other code into the running process's functions, and the old code back: a mutant costs no restart."""

import ast
import contextlib
import gc
import importlib
import types
from collections.abc import Iterator
from pathlib import Path

from tests.nemesis.mutants.predicates import ROOT

_Key = tuple[str, int]


def module_of(path: Path) -> str:
    """The dotted name of a source file."""
    words = list(path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(words[:-1] if words[-1] == "__init__" else words)


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield constant
            yield from _codes(constant)


def _key(code: types.CodeType) -> _Key:
    return code.co_qualname, code.co_firstlineno


_live: dict[str, dict[_Key, list[types.FunctionType]]] = {}


def _functions(path: Path) -> dict[_Key, list[types.FunctionType]]:
    """The living functions of a module, decorated and wrapped ones among them."""
    if str(path) not in _live:
        importlib.import_module(module_of(path))
        found: dict[_Key, list[types.FunctionType]] = {}
        for thing in gc.get_objects():
            if type(thing) is types.FunctionType and thing.__code__.co_filename == str(path):
                found.setdefault(_key(thing.__code__), []).append(thing)
        _live[str(path)] = found
    return _live[str(path)]


def put(path: Path, tree: ast.Module) -> list[tuple[types.FunctionType, types.CodeType]]:
    """Give the module's functions the code of `tree`; returns what they had."""
    compiled = {_key(code): code for code in _codes(compile(tree, str(path), "exec"))}
    before = []
    for key, functions in _functions(path).items():
        code = compiled.get(key)
        for function in functions:
            if code is not None and code != function.__code__:
                before.append((function, function.__code__))
                function.__code__ = code
    return before


def put_back(before: list[tuple[types.FunctionType, types.CodeType]]) -> None:
    """Give functions their own code again."""
    for function, code in before:
        function.__code__ = code


@contextlib.contextmanager
def swapped(path: Path, tree: ast.Module) -> Iterator[int]:
    """Run with the code of `tree`; yields how many functions differ."""
    before = put(path, tree)
    try:
        yield len(before)
    finally:
        put_back(before)
