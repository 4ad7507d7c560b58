"""Proof by names: what a solution takes from a library has been shown before.

A name is what an import brings, an attribute, or a keyword argument. Python's own are
known, and so are those that the service defines itself.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib import import_module
from types import AsyncGeneratorType, CoroutineType, GeneratorType
from typing import Any

from kata.course.course import Course
from kata.course.curriculum import Kata, Lesson
from kata.course.master import Cell
from kata.source.syntax import UNREADABLE, tree_of
from kata.verify.fault import Fault, Kind
from kata.verify.known import KNOWN

OUR_PACKAGES = ("waybill", "tests", "__future__")
MAGIC = re.compile(r"^([ \t]*)[%!].*$", re.MULTILINE)
STATUS_NAME = re.compile(r"HTTP_\d{3}_\w+")
"""Who has seen one of these names can write the others: they begin with the number."""
TYPES: tuple[Any, ...] = (
    *(str, bytes, bytearray, int, float, complex, list, tuple, dict, set, frozenset),
    *(range, slice, property, object, BaseException, OSError, UnicodeError),
    *(GeneratorType, CoroutineType, AsyncGeneratorType),
    *(date, time, datetime, timedelta),
)
"""Python's own types, whose methods a programmer knows or finds."""
METHODS = {name for kind in TYPES for name in dir(kind)}
BUILTINS = {*dir(__import__("builtins"))}


@dataclass
class Names:
    """Names of libraries in some code, each with how it is spelt there."""

    used: dict[str, str] = field(default_factory=dict)
    defined: set[str] = field(default_factory=set)

    def add(self, tree: ast.AST) -> None:
        """Collect the names of a tree."""
        nodes = [*ast.walk(tree)]
        origins = dict(_imports(nodes))
        for node in nodes:
            for name, spelt in _names(node, origins):
                self.used.setdefault(name, spelt)
            self.defined |= {*_definitions(node)}


def prove_shown(course: Course, lesson: Lesson) -> Iterator[Fault]:
    """No solution of a lesson needs a name that its reader has not seen."""
    ours = {name for one in _references(course) for name in _collected(one).defined}
    shown: set[str] = set()
    for before in course.curriculum.lessons:
        for cell in course.master(before).cells:
            if not cell.is_code or _is_variant(cell) or _is_text(course, cell):
                continue
            used = _collected(cell.source).used
            if before == lesson and "solution" in cell.tags:
                kata = course.curriculum.kata(cell.options["kata"])
                yield from _unseen(kata, used, shown | ours)
            shown |= used.keys()
        if before == lesson:
            return


def _unseen(kata: Kata, used: dict[str, str], known: set[str]) -> Iterator[Fault]:
    missing = [spelt for name, spelt in used.items() if name not in known]
    if missing:
        said = (
            f"its solution needs {_listed(missing)}, and no example, starting code or "
            "earlier solution has shown that. Show it in the kata's example."
        )
        yield Fault(Kind.SHOWN, kata.id, said)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _is_variant(cell: Cell) -> bool:
    return "solution" in cell.tags and "variant" in cell.options


def _is_text(course: Course, cell: Cell) -> bool:
    """Tell whether a cell holds a file that is no Python, and so no names."""
    kata = cell.options.get("kata", "")
    known = course.curriculum
    return kata in known.ids and not known.kata(kata).is_python


def _references(course: Course) -> Iterator[str]:
    for kata in filter(lambda one: one.is_python, course.curriculum.katas):
        yield from (course.cells(kata).stub, course.cells(kata).reference)


@cache
def _collected(source: str) -> Names:
    """Return the names in a cell, which every later lesson asks for again."""
    names = Names()
    names.add(read_cell(source))
    return names


def read_cell(source: str) -> ast.Module:
    """Parse a cell; its magics are nothing, and a cell of other magics is none.

    A text of several lines that is a program, as of a file that an example writes, is
    code that the cell shows.
    """
    text = "" if source.startswith("%%") else MAGIC.sub(r"\1pass", source)
    try:
        tree = tree_of(text)
    except UNREADABLE:
        return ast.Module(body=[], type_ignores=[])
    body = [*tree.body]
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(file)) if "\n" in file.strip():
                body += read_cell(file).body
    return ast.Module(body=body, type_ignores=[])


def _imports(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, str]]:
    """Yield what each import binds, with the module it is from, or is."""
    for node in nodes:
        if isinstance(node, ast.ImportFrom):
            for one in node.names:
                yield one.asname or one.name, f"{node.module}:{one.name}"
        elif isinstance(node, ast.Import):
            for one in node.names:
                yield one.asname or one.name.partition(".")[0], one.name


def _names(node: ast.AST, origins: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield each name of a library that a node uses: a key, and as it is spelt."""
    match node:
        case ast.ImportFrom() | ast.Import():
            yield from _imported(node)
        case ast.Attribute():
            yield from _attribute(node, origins)
        case ast.Call():
            yield from _keywords(node.keywords, node.func, origins)
        case ast.ClassDef():
            yield from _keywords(node.keywords, node, origins)
            yield from _overrides(node, origins)


def _imported(node: ast.ImportFrom | ast.Import) -> Iterator[tuple[str, str]]:
    head = f"from {node.module} " if isinstance(node, ast.ImportFrom) else ""
    for one in node.names:
        module = getattr(node, "module", "") or one.name
        if one.name not in KNOWN and not _is_ours(module):
            yield one.name, f"{head}import {one.name}"


def _attribute(
    node: ast.Attribute, origins: dict[str, str]
) -> Iterator[tuple[str, str]]:
    owner = getattr(node.value, "id", "")
    if node.attr not in METHODS:
        yield STATUS_NAME.sub("HTTP_", node.attr), f".{node.attr}"
    elif owner in origins and not _is_ours(origins[owner]):
        # Everybody knows the `encode` of a text; `jwt.encode` is another one.
        yield f"{origins[owner]}.{node.attr}", f"{owner}.{node.attr}"


def _keywords(
    keywords: list[ast.keyword], called: ast.AST, origins: dict[str, str]
) -> Iterator[tuple[str, str]]:
    name = getattr(called, "id", "")
    if name in BUILTINS or _is_ours(origins.get(name, "")):
        return
    for keyword in keywords:
        if keyword.arg:
            yield f"{keyword.arg}=", f"{keyword.arg}="


def _overrides(
    node: ast.ClassDef, origins: dict[str, str]
) -> Iterator[tuple[str, str]]:
    """Yield what a class defines because the library's class that it is of has it."""
    inherited: set[str] = set()
    for base in node.bases:
        origin = origins.get(getattr(base, "id", ""), "")
        module, _, name = origin.partition(":")
        if name and not _is_ours(module):
            inherited |= {*dir(getattr(import_module(module), name))}
    for statement in node.body:
        for defined in _definitions(statement):
            if defined in inherited - METHODS:
                yield f"def {defined}", defined


def _definitions(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            yield name
        case ast.ClassDef(name=name):
            yield name
        case ast.arg(arg=name):
            yield name
            yield f"{name}="
        case ast.AnnAssign(target=target):
            yield from _stored([target])
        case ast.Assign(targets=targets):
            yield from _stored(targets)


def _stored(targets: Iterable[ast.expr]) -> Iterator[str]:
    for target in targets:
        for node in ast.walk(target):
            match node:
                case ast.Name(id=name) | ast.Attribute(attr=name):
                    if isinstance(node.ctx, ast.Store):
                        yield name
                        yield f"{name}="


def _is_ours(module: str) -> bool:
    return module.partition(":")[0].partition(".")[0] in OUR_PACKAGES
