"""What a course's own code says about words that could stand for each other."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from kata.source.syntax import tree_of

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
COMMON = (
    METHODS,
    tuple(map(str.lower, METHODS)),
    ("HS256", "HS512", "none"),
    ("http", "websocket", "lifespan"),
)
"""Words that belong together in any web service."""
ENUMS = {"Enum", "StrEnum", "IntEnum"}


@dataclass(frozen=True)
class Vocabulary:
    """Words of a service that a changed line may hold."""

    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The columns of each table."""
    families: tuple[tuple[str, ...], ...] = COMMON
    """Rows of words that belong together: members of an enumeration, methods."""
    injected: frozenset[str] = frozenset()
    """Types of parameters that a dependency brings, and no request."""


def vocabulary_of(sources: Iterable[str]) -> Vocabulary:
    """Read the tables, enumerations and dependencies that some code declares."""
    trees = [tree_of(source) for source in sources]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    classes = [node for node in nodes if isinstance(node, ast.ClassDef)]
    tables = {one.name: tuple(_columns(one)) for one in classes}
    enums = (tuple(_members(one)) for one in classes)
    literals = (tuple(_literal(node)) for node in nodes)
    families = (*enums, *literals)
    return Vocabulary(
        columns={name: columns for name, columns in tables.items() if columns},
        families=(*COMMON, *(one for one in families if len(one) > 1)),
        injected=frozenset(name for node in nodes for name in _injected(node)),
    )


def _columns(node: ast.ClassDef) -> Iterator[str]:
    for one in node.body:
        match one:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation):
                is_column = ast.unparse(annotation).startswith("Mapped[")
                if is_column and "relationship(" not in ast.unparse(one):
                    yield name


def _members(node: ast.ClassDef) -> Iterator[str]:
    if not any(getattr(base, "id", "") in ENUMS for base in node.bases):
        return
    for one in node.body:
        match one:
            case ast.Assign(targets=[ast.Name(id=name)]):
                yield f"{node.name}.{name}"


def _literal(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Subscript(value=ast.Name(id="Literal"), slice=ast.Tuple(elts=items)):
            for one in items:
                match one:
                    case ast.Constant(value=str(text)):
                        yield text


def _injected(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            if "Depends(" in ast.unparse(value):
                yield name
