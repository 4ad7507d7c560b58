"""Import statements: taken out of code, merged, laid out as one sorted block."""

import ast
import io
import tokenize
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from kata.source.cell import lines_of
from kata.source.syntax import (
    KEPT,
    ONE_AT_A_TIME,
    UNREADABLE,
    alone,
    rows_of,
    tree_of,
)

if TYPE_CHECKING:
    from isort import Config

LONGEST = 88
"""Columns of a line; the formatter's own limit."""


@dataclass(frozen=True)
class Import:
    """One name that an import statement binds, with the comments that go with it."""

    module: str
    name: str | None = None
    alias: str | None = None
    comment: str = field(default="", compare=False)
    above: tuple[str, ...] = field(default=(), compare=False)

    @property
    def binds(self) -> str:
        """The name the file gets: `a` of `import a.b`, `c` of `import b as c`."""
        return self.alias or self.name or self.module.partition(".")[0]

    @property
    def notes(self) -> tuple[str, ...]:
        """All of its comments."""
        return (*self.above, self.comment)

    def __str__(self) -> str:
        if self.name is None:
            return f"import {self._as(self.module)}"
        return f"from {self.module} import {self._as(self.name)}"

    @property
    def member(self) -> str:
        """What stands between the parentheses of a `from … import (…)`."""
        return self._as(self.name or "")

    def _as(self, name: str) -> str:
        return f"{name} as {self.alias}" if self.alias else name


@dataclass(frozen=True)
class Statement:
    """An import statement that stands on lines of its own; lines count from 1."""

    line: int
    rows: range
    """Its lines, and those of the comments right above it."""
    imports: tuple[Import, ...]


def statements_in(
    lines: Sequence[str], tree: ast.Module, after: int = 0
) -> tuple[Statement, ...]:
    """Return the top-level imports of a text; what ends by line `after` is no comment.

    An import that shares its line with other code stays where it is.
    """
    return tuple(
        _statement(node, lines, after)
        for node in tree.body
        if isinstance(node, ast.Import | ast.ImportFrom) and alone(node, tree)
    )


def block(imports: Iterable[Import]) -> str:
    """Return the imports as one block, sorted and laid out as ruff does it."""
    noted = {one: one for one in imports}
    out: list[str] = []
    for section in _sections("\n".join(map(str, noted))):
        if out:
            out.append("")
        for names in section:
            with_notes = [noted[one] for one in names]
            above = [note for note in _above(with_notes) if note not in out]
            if above and out and out[-1]:
                out.append("")
            out += [*above, *_laid_out(with_notes)]
    return "\n".join(out)


@lru_cache(KEPT)
def _sections(imports: str) -> tuple[tuple[tuple[Import, ...], ...], ...]:
    """Return imports sorted: sections, their statements, and the names of each."""
    # Only what writes a file needs it, and it takes its time. Of two threads that
    # import it at once, one may be given a half of it.
    with ONE_AT_A_TIME:
        import isort

        # Its settings fill in what they know at the first use: not for two at once.
        text = isort.code(imports, config=_settings()).strip()
    sections = []
    for part in text.split("\n\n"):
        statements: dict[object, list[Import]] = {}
        for statement in statements_in(lines_of(part), tree_of(part)):
            for one in statement.imports:
                # ruff keeps the plain names of a module in one statement.
                key = one if one.alias or one.name in {None, "*"} else one.module
                statements.setdefault(key, []).append(one)
        sections.append(tuple(map(tuple, statements.values())))
    return tuple(sections)


@lru_cache(1)
def _settings() -> "Config":
    """Return how imports are sorted; making this takes longer than sorting."""
    from isort import Config

    # What is in the current folder makes no difference.
    return Config(
        profile="black", known_first_party=frozenset({"waybill", "tests"}), src_paths=()
    )


def asked_in(text: str) -> frozenset[tuple[str, str]]:
    """Return what a text may ask of modules: each module, and a name.

    A name behind a dot is taken for one of any module that the text imports whole: it
    may reach that through a loop or a parameter.
    """
    try:
        tree = tree_of(text)
    except UNREADABLE:
        return frozenset()
    nodes = [*ast.walk(tree)]
    imports = [
        one
        for node in nodes
        if isinstance(node, ast.Import | ast.ImportFrom)
        for one in _names_of(node)
    ]
    dotted = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    whole = {f"{one.module}.{one.name}" if one.name else one.module for one in imports}
    named = {(one.module, one.name) for one in imports if one.name}
    return frozenset(named.union((one, name) for one in whole for name in dotted))


def merged(
    in_file: Iterable[Import],
    before: Iterable[Import],
    after: Iterable[Import],
    kept: Iterable[Import],
) -> tuple[Import, ...]:
    """Return the imports of a file in which cells that wanted `before` want `after`.

    What no cell wanted was added by hand: those imports stay, and comments on others
    do. So do those in `kept`.
    """
    written = {note for one in before for note in one.notes}
    wanted = list(after)
    stays = {*wanted, *kept}
    found: dict[Import, Import] = {}
    for one in in_file:
        if one in stays:
            comment = "" if one.comment in written else one.comment
            above = tuple(note for note in one.above if note not in written)
            found[one] = replace(one, comment=comment, above=above)
    for one in wanted:
        have = found.get(one, one)
        comment = have.comment or one.comment
        found[one] = replace(have, comment=comment, above=_above([have, one]))
    return tuple(found.values())


def _above(imports: Iterable[Import]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(note for one in imports for note in one.above))


def _statement(
    node: ast.Import | ast.ImportFrom, lines: Sequence[str], after: int
) -> Statement:
    rows = rows_of(node)
    first = rows[0]
    while first - 2 >= after and lines[first - 2].startswith("#"):
        first -= 1
    above = [*lines[first - 1 : rows[0] - 1]]
    beside: dict[int, str] = {}
    for row, note, own_line in _comments(lines[row - 1] for row in rows):
        if own_line:
            above.append(note)
        else:
            beside[rows[0] + row - 1] = note
    imports = tuple(_names_of(node, beside, tuple(above)))
    return Statement(rows[0], range(first, rows[-1] + 1), imports)


def _comments(lines: Iterable[str]) -> Iterator[tuple[int, str, bool]]:
    """Yield each comment: its row, its text, whether it has a line of its own."""
    text = io.StringIO("\n".join(lines) + "\n")
    for token in tokenize.generate_tokens(text.readline):
        if token.type == tokenize.COMMENT:
            own_line = not token.line[: token.start[1]].strip()
            yield token.start[0], token.string, own_line


def _names_of(
    node: ast.Import | ast.ImportFrom,
    beside: Mapping[int, str] | None = None,
    above: tuple[str, ...] = (),
) -> Iterator[Import]:
    beside = beside or {}
    rows = {alias.lineno for alias in node.names}
    # A comment beside a parenthesis is about all the names between the two.
    shared = [note for row, note in beside.items() if row not in rows]
    for alias in node.names:
        own = [beside[alias.lineno]] if alias.lineno in beside else []
        comment = "  ".join(dict.fromkeys([*own, *shared]))
        if isinstance(node, ast.Import):
            yield Import(alias.name, None, alias.asname, comment, above)
        else:
            module = "." * node.level + (node.module or "")
            yield Import(module, alias.name, alias.asname, comment, above)


def _laid_out(names: Sequence[Import]) -> list[str]:
    """Return the lines of one statement."""
    first = names[0]
    members = ", ".join(one.member for one in names)
    comment = f"  {first.comment}" if first.comment else ""
    if first.name is None or first.name == "*":
        return [f"{first}{comment}"]
    if len(names) == 1 or not any(one.comment for one in names):
        line = f"from {first.module} import {members}{comment}"
        if len(line) <= LONGEST:
            return [line]
    rows = (f"    {one.member},  {one.comment}".rstrip() for one in names)
    return [f"from {first.module} import (", *rows, ")"]
