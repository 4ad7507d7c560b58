"""A cell's text with its syntax tree, and changes at the places of the tree."""

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from kata.source.syntax import parsed
from kata.verify.mutants.vocabulary import Vocabulary

Node = ast.expr | ast.stmt | ast.keyword | ast.arg
"""What has a place in the text."""
Span = tuple[int, int]
"""Where something begins and ends, in bytes, as the tree counts."""
ATOMS = (
    ast.Name,
    ast.Attribute,
    ast.Call,
    ast.Subscript,
    ast.Constant,
    ast.List,
    ast.Dict,
    ast.Set,
)
"""What needs no parentheses anywhere."""
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Module)
SHOWN = 64
"""Characters of code that a sentence may hold."""
COMMA = re.compile(rb"\s*,")
GAP = re.compile(rb"[\s,]*")
OPENING = re.compile(r"([(\[{])\s*\n\s*")
CLOSING = re.compile(r",?\s*\n\s*([)\]}])")


@dataclass(frozen=True)
class Edit:
    """What stands in `span` becomes `text`; `what` says so in words."""

    span: Span
    text: str
    what: str


class Code:
    """A cell that edits are made for and applied to."""

    def __init__(self, source: str, vocabulary: Vocabulary | None = None) -> None:
        self.vocabulary = vocabulary or Vocabulary()
        self.bytes = source.encode()
        self.tree = parsed(source)
        # Bytes end their lines where Python does; `str` knows further ends.
        lines = self.bytes.splitlines(keepends=True)
        self.line_starts = [0, *accumulate(map(len, lines))]

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """The node that each node is a part of."""
        return {
            child: node
            for node in ast.walk(self.tree)
            for child in ast.iter_child_nodes(node)
        }

    def scope(self, node: ast.AST) -> ast.AST:
        """Return the function, class or module that a node stands in."""
        above = self.parents[node]
        while not isinstance(above, SCOPES):
            above = self.parents[above]
        return above

    def span(self, first: Node, last: Node | None = None) -> Span:
        """Return where a node, or a row of them, begins and ends."""
        last = last or first
        # The parser sets every end; its types only allow for nodes made by hand.
        end_line, end_column = last.end_lineno or 0, last.end_col_offset or 0
        start = self.line_starts[first.lineno - 1] + first.col_offset
        return start, self.line_starts[end_line - 1] + end_column

    def cut(self, start: int, end: int) -> str:
        """Return a part of the text."""
        return self.bytes[start:end].decode()

    def text(self, node: Node) -> str:
        """Return a node's own text."""
        return self.cut(*self.span(node))

    def operand(self, node: ast.expr) -> str:
        """Return a node's text so that it can stand in the place of any other."""
        return self.text(node) if isinstance(node, ATOMS) else f"({self.text(node)})"

    def line_of(self, edit: Edit) -> int:
        """Return the line, from 1, of the first thing that an edit changes."""
        gap = GAP.match(self.bytes, *edit.span)
        place = gap.end() if gap else edit.span[0]
        return sum(start <= place for start in self.line_starts[:-1])

    def apply(self, edit: Edit) -> str:
        """Return the whole text with an edit made."""
        start, end = edit.span
        return self.cut(0, start) + edit.text + self.cut(end, len(self.bytes))

    def replace(self, node: Node, text: str) -> Edit:
        """Replace a node; the value of a keyword is shown with its keyword."""
        parent = self.parents[node]
        shown = parent if isinstance(parent, ast.keyword | ast.Return) else node
        return self.replace_span(self.span(node), text, self.span(shown))

    def replace_span(self, span: Span, text: str, shown: Span) -> Edit:
        """Replace a part of what is shown; if that is long, only the part is shown."""
        start, end = shown if len(self.cut(*shown)) <= SHOWN else span
        after = self.cut(start, span[0]) + text + self.cut(span[1], end)
        return Edit(span, text, f"{brief(self.cut(start, end))} became {brief(after)}")

    def drop(self, items: Sequence[Span], which: int, what: str) -> Edit:
        """Remove one of some items with commas between them."""
        start, end = items[which]
        words = f"removed the {what} {brief(self.cut(start, end))}"
        if which + 1 < len(items):
            end = items[which + 1][0]
        elif which:
            start = items[which - 1][1]
        elif comma := COMMA.match(self.bytes, end):
            end = comma.end()
        return Edit((start, end), "", words)

    def drop_statement(self, node: ast.stmt) -> Edit:
        """Remove a statement with its lines; `pass` stays where one is needed."""
        what = f"removed {brief(self.text(node))}"
        start, end = self.span(node)
        line_start = self.line_starts[node.lineno - 1]
        line_end = self.line_starts[node.end_lineno or node.lineno]
        before = self.cut(line_start, start).strip()
        after = self.cut(end, line_end).strip()
        if before or after.partition("#")[0] or self._is_whole_block(node):
            return Edit((start, end), "pass", what)
        return Edit((line_start, line_end), "", what)

    def _is_whole_block(self, node: ast.stmt) -> bool:
        return [node] in [value for _, value in ast.iter_fields(self.parents[node])]


def brief(code: str) -> str:
    """Return code as it stands in a sentence: on one line, and not too long."""
    code = CLOSING.sub(r"\1", OPENING.sub(r"\1", code))
    line = " ".join(code.split())
    return f"`{line if len(line) <= SHOWN else line[: SHOWN - 1] + '…'}`"
