"""Mutants of a cell: its source with one small change each, for checks to refuse.

No library makes them, because the kept ones stop where a web service begins: mutmut 3
leaves every function alone that has a decorator, and neither Cosmic Ray 8 nor Poodle 1
removes a keyword argument, a field or a base class.
"""

import ast
import difflib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from kata.source.cell import lines_of
from kata.source.syntax import UNREADABLE, parsed
from kata.verify.mutants.additions import ADDITIONS
from kata.verify.mutants.edits import Code, Edit
from kata.verify.mutants.operators import EXPRESSIONS
from kata.verify.mutants.statements import STATEMENTS
from kata.verify.mutants.vocabulary import Vocabulary

KINDS = (EXPRESSIONS, STATEMENTS, ADDITIONS)
OPERATORS = {
    kind: tuple(chain.from_iterable(one.get(kind, ()) for one in KINDS))
    for kind in {*chain.from_iterable(KINDS)}
}


@dataclass(frozen=True)
class Mutant:
    """A cell with one change. `line` counts from 1, in the cell as it was."""

    line: int
    what: str
    source: str
    original: str = field(repr=False)

    @property
    def text(self) -> str:
        """The line that was changed, as it was."""
        return lines_of(self.original)[self.line - 1].strip()

    @property
    def diff(self) -> str:
        """The change, with a line around it."""
        pair = lines_of(self.original), lines_of(self.source)
        lines = difflib.unified_diff(*pair, lineterm="", n=1)
        return "\n".join([*lines][2:])


def mutants(source: str, vocabulary: Vocabulary | None = None) -> Iterator[Mutant]:
    """Yield the mutants of a cell from top to bottom, each of them once.

    Each is a program, and another one than the cell. With a vocabulary, words of the
    service stand in for each other.
    """
    code = Code(source, vocabulary)
    seen = {ast.dump(code.tree)}
    # Python's sort is stable: edits at one place keep their order.
    for edit in sorted(_edits(code), key=lambda edit: edit.span[0]):
        changed = code.apply(edit)
        try:
            tree = ast.dump(parsed(changed))
        except UNREADABLE:
            continue
        if tree not in seen:
            seen.add(tree)
            yield Mutant(code.line_of(edit), edit.what, changed, source)


def _edits(code: Code) -> Iterator[Edit]:
    for node in _nodes(code, code.tree):
        for operator in OPERATORS.get(type(node), ()):
            yield from operator(code, node)


def _nodes(code: Code, node: ast.AST) -> Iterator[ast.AST]:
    """Yield a node and what it is made of, as far as it is more than words or types."""
    match node:
        case ast.Import() | ast.ImportFrom() | ast.Expr(value=ast.Constant()):
            return
        case ast.If(test=ast.Name(id=name) | ast.Attribute(attr=name)):
            if name == "TYPE_CHECKING":
                return
        case ast.expr() if _is_mere_type(code, node):
            return
    yield node
    if isinstance(node, ast.JoinedStr):
        return  # before Python 3.12 its parts have no place of their own
    for child in ast.iter_child_nodes(node):
        yield from _nodes(code, child)


def _is_mere_type(code: Code, node: ast.expr) -> bool:
    """Tell whether this is an annotation that only a type checker reads."""
    match code.parents[node]:
        case ast.FunctionDef(returns=result) | ast.AsyncFunctionDef(returns=result):
            return node is result
        case ast.AnnAssign(annotation=annotation) if node is annotation:
            return not isinstance(code.scope(node), ast.ClassDef)
        case ast.arg():
            # Frameworks read those of what they are given, mostly by a decorator.
            decorated = getattr(code.scope(node), "decorator_list", ())
            return not decorated and "Annotated" not in code.text(node)
    return False
