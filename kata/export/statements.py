"""A file of the service as a list of statements, which can be left out or moved."""

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from kata.source.cell import lines_of
from kata.source.file import HEADER, SourceFile, parse_file
from kata.source.syntax import WORD, tree_of

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True)
class Statement:
    """A top-level statement, with the comments above it and the text below it."""

    text: str
    nodes: tuple[ast.stmt, ...]
    gap: int = 0
    """Blank lines above it."""

    @property
    def node(self) -> ast.stmt:
        """The statement itself."""
        return self.nodes[0]

    @property
    def is_definition(self) -> bool:
        """Whether it is a function or a class."""
        return isinstance(self.node, DEFINITIONS)

    @property
    def name(self) -> str:
        """The one name that it defines, or nothing."""
        if isinstance(self.node, DEFINITIONS):
            return self.node.name
        target = assigned(self.node)
        return target.id if target else ""

    def mentions(self) -> set[str]:
        """Return the names that it refers to, in strings too, but not in docstrings."""
        return {name for node in self.nodes for name in mentioned(node)}


def without_marks(text: str) -> str:
    """Return a file's text without the lines where katas begin."""
    lines = text.splitlines(keepends=True)
    return "".join(line for line in lines if not HEADER.fullmatch(line.rstrip("\r\n")))


def opened(text: str, path: str) -> tuple[SourceFile, list[Statement]]:
    """Take a file without marks apart: its head and imports, and all that follows."""
    file = parse_file(text, path)
    return file, [*statements_of(file.extra)]


def closed(file: SourceFile, statements: Sequence[Statement]) -> str:
    """Return the text of a file with these statements, and the imports they leave.

    An import that was used before and is not any more goes; others stay.
    """
    extra = joined(statements)
    before, after = words(file.extra), words(extra)
    imports = tuple(
        one for one in file.imports if one.binds in after or one.binds not in before
    )
    return replace(file, imports=imports, extra=extra).render()


def statement(text: str, gap: int = 0) -> Statement:
    """Make a statement of its text."""
    return Statement(text, tuple(tree_of(text).body), gap)


def statements_of(text: str) -> Iterator[Statement]:
    """Yield the top-level statements of a text; nothing of it is lost."""
    lines = lines_of(text)
    body = tree_of(text).body
    groups = [*_grouped(body)]
    end = 0
    for number, nodes in enumerate(groups):
        last = nodes[-1].end_lineno or nodes[-1].lineno
        if number == len(groups) - 1:
            last = len(lines)
        own = lines[end:last]
        gap = next((i for i, line in enumerate(own) if line.strip()), 0)
        yield Statement("\n".join(own[gap:]).rstrip("\n"), tuple(nodes), gap)
        end = last


def joined(statements: Iterable[Statement]) -> str:
    """Return the text of statements that follow each other."""
    text = ""
    before: Statement | None = None
    for one in statements:
        if before:
            apart = one.is_definition or before.is_definition
            text += "\n" * (1 + (2 if apart else min(one.gap, 1)))
        text += one.text
        before = one
    return text


def assigned(node: ast.stmt) -> ast.Name | None:
    """Return the one name that an assignment gives a value to, if it is one."""
    targets: Sequence[ast.expr] = ()
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AnnAssign) and node.value:
        targets = [node.target]
    if len(targets) == 1 and isinstance(targets[0], ast.Name):
        return targets[0]
    return None


def mentioned(tree: ast.AST) -> Iterator[str]:
    """Yield the names that code refers to; a string may name something too."""
    explained = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.alias):
            yield node.name.rpartition(".")[2]
        elif isinstance(node, ast.Constant) and id(node) not in explained:
            yield from WORD.findall(node.value) if isinstance(node.value, str) else ()


def words(text: str) -> set[str]:
    """Return the names that a text refers to."""
    return {*mentioned(tree_of(text))}


def _grouped(body: Sequence[ast.stmt]) -> Iterator[list[ast.stmt]]:
    """Yield statements, with those that share a line or explain one beside them."""
    group: list[ast.stmt] = []
    for node in body:
        if group and (
            _first_row(node) <= (group[-1].end_lineno or 0) or _says(node, group[-1])
        ):
            group.append(node)
            continue
        if group:
            yield group
        group = [node]
    if group:
        yield group


def _says(node: ast.stmt, before: ast.stmt) -> bool:
    is_text = (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )
    return is_text and isinstance(before, ast.Assign | ast.AnnAssign)


def _first_row(node: ast.stmt) -> int:
    decorators = node.decorator_list if isinstance(node, DEFINITIONS) else []
    return min([node.lineno, *(one.lineno for one in decorators)])
