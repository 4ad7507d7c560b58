"""Two answers beside each other: what differs in meaning, not in form.

Code is compared one logical line at a time, by syntax tree and comments. So quotes,
line breaks, trailing commas and blank lines make no difference, while a comment does;
what is shown is each line as its author wrote it. Formatting both sides first would
need a formatter at run time, and would show code that nobody wrote.
"""

import ast
import io
import tokenize
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from difflib import SequenceMatcher

from kata.source.cell import lines_of
from kata.source.file import CellCode
from kata.source.imports import block
from kata.source.syntax import UNREADABLE, gap_before, tree_of

SPACE = {tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
HEADS = (
    ("", ""),
    ("", " pass"),
    ("", "\ndef f(): pass"),
    ("if x: pass\n", " pass"),
    ("try: pass\n", " pass"),
    ("match x:\n ", " pass"),
)
"""What makes a line that is no statement by itself one: `else:`, say."""


@dataclass(frozen=True)
class Line:
    """A line of a comparison. Its mark: "-" yours, "+" the other's, " " both."""

    mark: str
    text: str


@dataclass(frozen=True)
class Statement:
    """A logical line: the rows it stands on, and what it says."""

    rows: tuple[str, ...]
    blank_before: bool
    says: tuple[object, ...]


def compare(mine: str, other: str) -> tuple[Line, ...]:
    """Return one code beside another; nothing where both say the same."""
    try:
        left, right = statements(mine), statements(other)
    except (*UNREADABLE, tokenize.TokenError):
        left, right = _plain_lines(mine), _plain_lines(other)
    return _compared(left, right)


def compare_texts(mine: str, other: str) -> tuple[Line, ...]:
    """Return one text beside another that is no Python: there, indents have a say."""
    return _compared(*(_lines_as_they_are(text) for text in (mine, other)))


def _compared(
    left: Sequence[Statement], right: Sequence[Statement]
) -> tuple[Line, ...]:
    matcher = SequenceMatcher(
        None, [one.says for one in left], [one.says for one in right], autojunk=False
    )
    steps = matcher.get_opcodes()
    if all(tag == "equal" for tag, *_ in steps):
        return ()
    lines: list[Line] = []
    for tag, i, j, k, m in steps:
        if tag == "equal":
            lines += _marked(" ", left[i:j])
        else:
            lines += _marked("-", left[i:j])
            lines += _marked("+", right[k:m])
    return tuple(lines[1:] if lines[0].text == "" else lines)


def as_text(code: CellCode) -> str:
    """Return a cell's code with its imports the way a file has them, sorted."""
    imports = block(code.imports)
    return f"{imports}{imports and gap_before(code.body)}{code.body}"


def statements(code: str) -> list[Statement]:
    """Return the logical lines of a text, comments on lines of their own among them."""
    rows = lines_of(code)
    tokens = [*tokenize.generate_tokens(io.StringIO("\n".join(rows)).readline)]
    return [*_statements(rows, tokens)]


def _plain_lines(code: str) -> list[Statement]:
    """Return the lines of a text that is no Python."""
    return [
        Statement((row,), blank_before=False, says=(row.strip(),))
        for row in lines_of(code)
        if row.strip()
    ]


def _lines_as_they_are(text: str) -> list[Statement]:
    return [
        Statement((row,), blank_before=False, says=(row.rstrip(),))
        for row in lines_of(text)
    ]


def _marked(mark: str, found: Sequence[Statement]) -> Iterator[Line]:
    for number, statement in enumerate(found):
        if statement.blank_before and (number or mark != "+"):
            # Before a change the blank line belongs to what both have in common.
            yield Line(mark if number else " ", "")
        yield from (Line(mark, row) for row in statement.rows)


def _statements(
    rows: Sequence[str], tokens: Sequence[tokenize.TokenInfo]
) -> Iterator[Statement]:
    depth, last_row = 0, 0
    current: list[tokenize.TokenInfo] = []
    for token in tokens:
        depth += (token.type == tokenize.INDENT) - (token.type == tokenize.DEDENT)
        if token.type not in SPACE | {tokenize.ENDMARKER}:
            current.append(token)
        comments = tuple(one.string for one in current if one.type == tokenize.COMMENT)
        only = len(comments) == len(current)
        if current and (token.type == tokenize.NEWLINE or only):
            first, last = current[0].start[0], current[-1].end[0]
            # How deep a comment stands, Python's tokens say only after it.
            says = comments if only else (depth, _meaning(rows, current), *comments)
            blank = 0 < last_row < first - 1
            yield Statement(tuple(rows[first - 1 : last]), blank, says)
            current, last_row = [], last


def _meaning(rows: Sequence[str], tokens: Sequence[tokenize.TokenInfo]) -> str:
    code = [token for token in tokens if token.type != tokenize.COMMENT]
    (first, start), (last, end) = code[0].start, code[-1].end
    text = "\n".join([*rows[first - 1 : last - 1], rows[last - 1][:end]])[start:]
    for before, after in HEADS:
        with suppress(*UNREADABLE):
            return ast.dump(tree_of(f"{before}{text}{after}"))
    return text
