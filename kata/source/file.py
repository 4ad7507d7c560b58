"""The text of one file of the service: its import block and its regions.

A file reads as if a person wrote it: a docstring, one sorted import block, then each
kata's region under a small header. Taking a file apart and putting it together again
gives the same text.
"""

import ast
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import takewhile

from kata.errors import KataError
from kata.source.cell import lines_of, option_lines
from kata.source.clashes import (
    refuse_clashing_imports,
    refuse_import_and_definition,
    refuse_second_definitions,
)
from kata.source.imports import Import, Statement, block, merged, statements_in
from kata.source.syntax import (
    KEPT,
    UNREADABLE,
    alone,
    definitions,
    gap_before,
    open_strings,
    parsed,
    rows_of,
    uses,
)

HEADER = re.compile(r"# kata: ([a-z0-9_.]+)\s*")
BLANK = 2
"""Blank lines in a row, where an import has left a gap."""


class NotPythonError(KataError):
    """A cell that can't be part of a file; `line` counts in the cell, from 1."""

    def __init__(
        self,
        reason: str,
        line: int,
        next_step: str = "Fix that line, then run the cell again.",
    ) -> None:
        super().__init__(reason, next_step)
        self.line = line


@dataclass(frozen=True)
class CellCode:
    """A cell taken apart: what it imports, and its other lines with their numbers."""

    imports: Mapping[Import, int]
    """Each import with the line of the cell it stands on."""
    lines: tuple[tuple[int, str], ...]
    defines: frozenset[str]

    @property
    def body(self) -> str:
        """The region's text, as it stands in the file."""
        return "\n".join(text for _, text in self.lines)


@dataclass(frozen=True)
class SourceFile:
    """A file taken apart."""

    docstring: str = ""
    """The docstring of a new file."""
    imports: tuple[Import, ...] = ()
    extra: str = ""
    """What was written by hand above the first region."""
    regions: Mapping[str, str] = field(default_factory=dict)
    top: str = ""
    """What a file that is there opens with: comments and a docstring, as written."""

    def without(self, katas: Iterable[str]) -> "SourceFile":
        """Return the file without the regions of these katas; imports stay."""
        gone = set(katas)
        kept = {kata: text for kata, text in self.regions.items() if kata not in gone}
        return replace(self, regions=kept)

    def render(self) -> str:
        """Return the file's text."""
        text = self.top or (f'"""{self.docstring}"""' if self.docstring else "")
        for part in (block(self.imports), self.extra):
            text += gap_before(part) + part if text and part else part
        gap = "\n\n\n" if self.extra else ""
        for kata, region in self.regions.items():
            header = f"# kata: {kata}\n{region}".rstrip("\n")
            text += (gap or gap_before(region)) + header if text else header
            gap = "\n\n\n"
        return text + "\n" if text else ""


@lru_cache(KEPT)
def parse_cell(source: str) -> CellCode:
    """Take a cell apart. One that can't be part of a file is a `NotPythonError`."""
    lines = lines_of(source.removeprefix("\ufeff"))
    tree = _parsed_cell("\n".join(lines))
    _refuse_headers(lines)
    options = len(option_lines(source))
    statements = statements_in(lines, tree, after=options)
    defined = dict(reversed([*definitions(tree)]))
    _refuse_late_imports(statements, defined)
    gone = {*range(1, options + 1), *(row for one in statements for row in one.rows)}
    return CellCode(
        {one: statement.line for statement in statements for one in statement.imports},
        tuple(_left(_tidied(lines, tree), gone)),
        frozenset(defined),
    )


def parse_file(text: str, file: str) -> SourceFile:
    """Take a file apart. A head that does not parse is a `KataError`."""
    head, regions = _split(text)
    try:
        tree = parsed("\n".join(head))
    except UNREADABLE as error:
        line = getattr(error, "lineno", None) or 1
        raise KataError(
            f"{file}, line {line}, is not valid Python: {_said(error)}",
            f"Open {file} and fix that line, then run the cell again.",
        ) from None
    top = _top(head, tree)
    statements = statements_in(head, tree, after=top)
    gone = {*range(1, top + 1), *(row for one in statements for row in one.rows)}
    return SourceFile(
        imports=tuple(one for statement in statements for one in statement.imports),
        extra="\n".join(line for _, line in _left(head, gone)),
        regions=regions,
        top="\n".join(head[:top]),
    )


def place(
    file: SourceFile,
    kata: str,
    code: CellCode,
    *,
    path: str,
    order: Sequence[str],
    known: Mapping[str, Iterable[Import]],
    replaces: Collection[str] = (),
) -> SourceFile:
    """Return the file with `code` as the region of `kata`, without those of `replaces`.

    `known` is what each region imported when it was written; any other import in the
    file was added by hand and stays. A name with two meanings is a `KataError`.
    """
    before = [one for name in file.regions for one in known.get(name, ())]
    gone = {kata, *replaces}
    others = {name: text for name, text in file.regions.items() if name not in gone}
    wanted = {name: known.get(name, ()) for name in others} | {kata: code.imports}
    kept = _kept(file, code, before, [file.extra, *others.values()])
    foreign = [*kept, *(one for name in others for one in wanted[name])]
    refuse_clashing_imports(code.imports, foreign, path, kata)
    refuse_import_and_definition(code.defines, foreign, path)
    refuse_second_definitions(
        code.defines, code.imports, {"": file.extra, **others}, path
    )
    regions = {**others, kata: code.body}
    names = _in_order(regions, order)
    imports = [one for name in names for one in wanted[name]]
    return replace(
        file,
        imports=merged(file.imports, before, imports, kept),
        regions={name: regions[name] for name in names},
    )


def regions_in(text: str) -> dict[str, str]:
    """Return each region's text, by kata."""
    return _split(text)[1]


def region_starts(text: str) -> dict[str, int]:
    """Return the line, from 1, on which each region's own code begins."""
    starts = {}
    for number, line in enumerate(lines_of(text), start=1):
        if match := HEADER.fullmatch(line):
            starts[match[1]] = number + 1
    return starts


def _parsed_cell(text: str) -> ast.Module:
    try:
        return parsed(text)
    except SyntaxError as error:
        if (error.text or "").strip().startswith(("%", "!")):
            raise NotPythonError(
                "A kata's cell holds Python only, no % or ! commands.",
                error.lineno or 1,
                "Move that line to a cell of its own, then run both.",
            ) from None
        reason = f"This cell is not valid Python: {_said(error)}"
        raise NotPythonError(reason, error.lineno or 1) from None
    except UNREADABLE as error:
        reason = f"Python can't read this cell: {_said(error)}"
        raise NotPythonError(reason, 1) from None


def _said(error: BaseException) -> str:
    message = getattr(error, "msg", "") or str(error) or "it is nested too deeply"
    return message if message.endswith(("?", ".")) else f"{message}."


def _refuse_headers(lines: Sequence[str]) -> None:
    for number, line in enumerate(lines, start=1):
        if HEADER.fullmatch(line):
            raise NotPythonError(
                "A line `# kata: …` is where a kata's part of a file begins, so no "
                "cell may hold one, not even in a string.",
                number,
            )


def _refuse_late_imports(
    statements: Iterable[Statement], defined: Mapping[str, int]
) -> None:
    for statement in statements:
        for one in statement.imports:
            if defined.get(one.binds, statement.line) < statement.line:
                raise NotPythonError(
                    f"This cell defines `{one.binds}` and then imports it; in the file "
                    "imports come first, and the name would mean something else.",
                    statement.line,
                )


def _kept(
    file: SourceFile, code: CellCode, before: Collection[Import], rest: Iterable[str]
) -> list[Import]:
    """Return the imports that no cell accounts for, or that other code relies on."""
    mine = code.defines.union(one.binds for one in code.imports)
    used = {name for text in rest for name in uses(text)} - mine
    return [one for one in file.imports if one not in before or one.binds in used]


def _split(text: str) -> tuple[list[str], dict[str, str]]:
    head: list[str] = []
    regions: dict[str, list[str]] = {}
    current = head
    for line in lines_of(text):
        if match := HEADER.fullmatch(line):
            current = regions.setdefault(match[1], [])
        else:
            current.append(line)
    return head, {kata: _region(lines) for kata, lines in regions.items()}


def _region(lines: Sequence[str]) -> str:
    if any(line != line.rstrip() for line in lines):
        with suppress(*UNREADABLE):
            lines = _tidied(lines, parsed("\n".join(lines)))
    return "\n".join(line for _, line in _left(lines, set()))


def _tidied(lines: Sequence[str], tree: ast.Module) -> list[str]:
    """Strip the ends of lines, except where a string runs on to the next line."""
    kept = open_strings(tree)
    return [line if row in kept else line.rstrip() for row, line in enumerate(lines, 1)]


def _left(lines: Sequence[str], gone: Collection[int]) -> list[tuple[int, str]]:
    """Return numbered lines without those gone, and without needless blank ones."""
    left: list[tuple[int, str]] = []
    after_gone = True
    for number, line in enumerate(lines, start=1):
        if number in gone:
            after_gone = True
        elif line.strip():
            left.append((number, line))
            after_gone = False
        elif not after_gone or any(text.strip() for _, text in left[-BLANK:]):
            left.append((number, line))
    while left and not left[-1][1].strip():
        left.pop()
    return left


def _top(head: Sequence[str], tree: ast.Module) -> int:
    """Return the last line of what a file opens with: comments, a docstring."""
    if ast.get_docstring(tree) is not None and alone(tree.body[0], tree):
        return rows_of(tree.body[0])[-1]
    comments = len([*takewhile(lambda line: line.startswith("#"), head)])
    return comments if comments == len(head) or not head[comments].strip() else 0


def _in_order(regions: Mapping[str, str], order: Sequence[str]) -> list[str]:
    # Regions of katas that the course no longer has keep their place at the end.
    return [kata for kata in order if kata in regions] + [
        kata for kata in regions if kata not in order
    ]
