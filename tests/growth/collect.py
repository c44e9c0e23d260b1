"""Every compiled pattern that may meet mail, and the ways in which its code calls each."""

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

import maild
from maild.config.words import phrases, words

WAYS = ("match", "fullmatch", "search", "finditer", "findall", "sub", "subn", "split")
SKIPPED = ("maild.demo", "maild.config", "maild.cli", "maild.app")
"""Those read what the operator wrote, at the operator's command; nothing else waits for them."""


@dataclass(frozen=True, slots=True)
class Used:
    """A pattern by its name, and how it is called."""

    name: str
    pattern: re.Pattern[Any]
    ways: tuple[str, ...]


def modules() -> Iterator[ModuleType]:
    """The modules of maild that may meet mail."""
    for found in pkgutil.walk_packages(maild.__path__, "maild."):
        if not found.name.startswith(SKIPPED) and not found.name.endswith("__main__"):
            yield importlib.import_module(found.name)


@cache
def patterns() -> tuple[Used, ...]:
    """Every pattern that a module holds or that stands in a call of ``re``, once."""
    found: dict[tuple[str | bytes, int, tuple[str, ...]], Used] = {}
    for module in modules():
        tree = ast.parse(inspect.getsource(module))
        for used in (*_held(module, _ways(tree)), *_inline(module, tree), *_filled(module, tree)):
            found.setdefault((used.pattern.pattern, used.pattern.flags, used.ways), used)
    return tuple(found.values())


@cache
def _everywhere() -> dict[str, tuple[str, ...]]:
    """Name to ways, over all modules: a public pattern is called where it is imported."""
    found: dict[str, tuple[str, ...]] = {}
    for module in modules():
        for name, ways in _ways(ast.parse(inspect.getsource(module))).items():
            found[name] = tuple(dict.fromkeys([*found.get(name, ()), *ways]))
    return found


def _ways(tree: ast.AST) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in WAYS and isinstance(node.value, ast.Name):
            found.setdefault(node.value.id, []).append(node.attr)
    return {name: tuple(dict.fromkeys(ways)) for name, ways in found.items()}


def _held(module: ModuleType, ways: dict[str, tuple[str, ...]]) -> Iterator[Used]:
    for name, value in vars(module).items():
        for number, pattern in enumerate(_within(value)):
            called = ways.get(name, ()) if name.startswith("_") else _everywhere().get(name, ())
            several = isinstance(value, re.Pattern)
            label = f"{module.__name__}.{name}" + ("" if several else f"[{number}]")
            yield Used(label, pattern, called or ("match", "fullmatch", "search"))


def _within(value: object) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        for one in (*value.keys(), *value.values()):
            yield from _within(one)
    elif isinstance(value, list | tuple | set | frozenset):
        for one in value:
            yield from _within(one)


def _inline(module: ModuleType, tree: ast.AST) -> Iterator[Used]:
    """The patterns written into calls such as ``re.sub("…", …)``."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
            continue
        way, on, first = node.func.attr, node.func.value, node.args[0]
        if way in WAYS and isinstance(on, ast.Name) and on.id == "re" and isinstance(first, ast.Constant):
            flags = eval(ast.unparse(_flags(node)), {"re": re})
            yield Used(f"{module.__name__}:{way} {first.value!r}", re.compile(first.value, flags), (way,))


def _flags(node: ast.Call) -> ast.expr:
    given = [one.value for one in node.keywords if one.arg == "flags"]
    here = {"match": 2, "fullmatch": 2, "search": 2, "finditer": 2, "findall": 2}.get(node.func.attr, 9)  # type: ignore[attr-defined]
    return given[0] if given else node.args[here] if len(node.args) > here else ast.Constant(0)


def _filled(module: ModuleType, tree: ast.AST) -> Iterator[Used]:
    """The patterns that are filled with words from files: ``phrases.pattern(_NAME, flags).search(…)``."""
    above = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ("pattern", "apart")
        ):
            template = getattr(module, ast.unparse(node.args[0]), None)
            flags = eval(ast.unparse(node.args[1]), {"re": re}) if node.args[1:] else 0
            if isinstance(template, str):
                whose = phrases() if "phrases" in ast.unparse(node.func.value) else words()
                filled = getattr(whose, node.func.attr)(template, flags)
                yield Used(
                    f"{module.__name__}.{ast.unparse(node.args[0])}", filled, _called(above[node], tree)
                )


def _called(above: ast.AST, tree: ast.AST) -> tuple[str, ...]:
    """How the pattern is called that an expression right below *above* makes."""
    if isinstance(above, ast.Attribute):
        return (above.attr,)
    if isinstance(above, ast.Assign):
        return _ways(tree)[ast.unparse(above.targets[0])]
    return ("match", "fullmatch", "search")
