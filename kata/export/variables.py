"""The variables of the environment that a service reads, found in its settings."""

import ast
import json
import re
import textwrap
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kata.source.syntax import tree_of

WIDTH = 88
START = {"WAYBILL_ENVIRONMENT": "development"}
"""What `.env` sets on one's own machine."""


@dataclass(frozen=True)
class Variable:
    """A variable, what it means, and its line in `.env.example`."""

    name: str
    comment: tuple[str, ...]
    line: str


@dataclass(frozen=True)
class Group:
    """The variables of one class of settings, and where it stands."""

    title: str
    variables: tuple[Variable, ...]


def groups_in(sources: Mapping[str, str], meanings: str) -> list[Group]:
    """Return what a service reads; `meanings` is TOML, a sentence for each variable."""
    known = tomllib.loads(meanings)
    return [
        Group(
            f"{_summary(node)} ({path})",
            tuple(_variables(node, known)),
        )
        for path, text in sources.items()
        for node in ast.walk(tree_of(text))
        if isinstance(node, ast.ClassDef) and _reads_environment(node)
    ]


def _reads_environment(node: ast.ClassDef) -> bool:
    return any(ast.unparse(base).endswith("BaseSettings") for base in node.bases)


def _variables(node: ast.ClassDef, known: Mapping[str, str]) -> Iterator[Variable]:
    prefix = _prefix(node)
    for field in node.body:
        if not isinstance(field, ast.AnnAssign) or not isinstance(
            field.target, ast.Name
        ):
            continue
        if "ClassVar" in ast.unparse(field.annotation):
            continue
        name = f"{prefix}{field.target.id}".upper()
        meaning = known.get(name) or f"`{field.target.id}` of `{node.name}`."
        value = _default(field.value)
        hidden = "" if name in START else "# "
        line = f"{hidden}{name}={START.get(name, value)}"
        yield Variable(name, tuple(textwrap.wrap(meaning, WIDTH - 2)), line)


def _prefix(node: ast.ClassDef) -> str:
    """Return what the names of a class's variables begin with."""
    for one in ast.walk(node):
        if isinstance(one, ast.keyword) and one.arg == "env_prefix":
            return str(getattr(one.value, "value", ""))
    return ""


def _default(node: ast.expr | None) -> str:
    """Return a default as a file of variables spells it; nothing if it is computed."""
    match node:
        case ast.Constant(None) | None:
            return ""
        case ast.Constant(str() as text):
            return text
        case ast.Constant(bool() | int() | float() as value):
            return json.dumps(value)
        case ast.Call(args=[ast.Constant(str() as text)]):  # Path("forms")
            return text
        case ast.Call(args=[ast.Constant(value)]):  # Field(3, ge=1)
            return "" if value in {None, Ellipsis} else json.dumps(value)
        case ast.List([]):
            return "[]"
    return ""


def _summary(node: ast.ClassDef) -> str:
    text = (ast.get_docstring(node) or node.name).splitlines()[0]
    return re.split(r"[.;:](?: |$)", text)[0]
