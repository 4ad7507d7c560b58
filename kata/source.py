"""The text of one file of the service: its import block and its regions.

A file reads as if a person wrote it: a docstring, one sorted import block, then each
kata's region under a small header. Taking a file apart and putting it together again
gives the same text.
"""

import ast
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kata.errors import KataError
from kata.imports import Import, block, imports_in, refuse_clashes
from kata.notebook import OPTION, normalised

HEADER = re.compile(r"# kata: ([a-z0-9_.]+)")


class NotPythonError(KataError):
    """A cell that does not parse; `line` counts in the cell, from 1."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(reason, "Mend that line, then run the cell again.")
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
    imports: tuple[Import, ...] = ()
    extra: str = ""
    """What was written by hand above the first region."""
    regions: Mapping[str, str] = field(default_factory=dict)

    def render(self) -> str:
        """Return the file's text."""
        parts = [f'"""{self.docstring}"""'] if self.docstring else []
        parts += [text for text in (block(self.imports), self.extra) if text]
        head = "\n\n".join(parts)
        regions = (f"# kata: {kata}\n{text}" for kata, text in self.regions.items())
        return "\n\n\n".join([*([head] if head else []), *regions]) + "\n"


def parse_cell(source: str) -> CellCode:
    """Take a cell apart. A cell that is not plain Python is a `NotPythonError`."""
    tree = _parse_python(source)
    imports = imports_in(source, tree)
    moved = {
        number
        for node in imports.values()
        for number in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    numbered = enumerate(source.splitlines(), start=1)
    lines = [(n, text.rstrip()) for n, text in numbered if n not in moved]
    while lines and (not lines[0][1] or OPTION.fullmatch(lines[0][1])):
        lines.pop(0)
    while lines and not lines[-1][1]:
        lines.pop()
    return CellCode(
        {one: node.lineno for one, node in imports.items()},
        tuple(lines),
        frozenset(_defined(tree)),
    )


def parse_file(text: str, file: str) -> SourceFile:
    """Take a file apart. A head that does not parse is a `KataError`."""
    head, regions = _split(text)
    try:
        tree = ast.parse(head)
    except SyntaxError as error:
        raise KataError(
            f"{file}, line {error.lineno}, is not valid Python: {error.msg}.",
            f"Open {file} and mend that line, then run the cell again.",
        ) from None
    imports = imports_in(head, tree)
    moved = list(imports.values())
    docstring = ast.get_docstring(tree, clean=False) or ""
    if docstring:
        moved.append(tree.body[0])
    return SourceFile(docstring, tuple(imports), _without(head, moved), regions)


def place(
    file: SourceFile,
    kata: str,
    code: CellCode,
    *,
    path: str,
    order: Sequence[str],
    known: Mapping[str, Iterable[Import]],
) -> SourceFile:
    """Return the file with `code` as the region of `kata`.

    `known` is what each present region imported when it was written; any other import
    in the file was added by hand and stays. A name with two meanings is a `KataError`.
    """
    from_cells = {one for imports in known.values() for one in imports}
    others = [one for one in file.imports if one not in from_cells]
    for other_kata in file.regions:
        if other_kata != kata:
            others += [one for one in known.get(other_kata, ()) if one not in others]
    refuse_clashes(code.imports, others, path, kata)
    _refuse_second_definition(file, kata, code, path)
    regions = {**file.regions, kata: code.body}
    return SourceFile(
        file.docstring,
        tuple(dict.fromkeys([*others, *code.imports])),
        file.extra,
        {name: regions[name] for name in _in_order(regions, order)},
    )


def regions_in(text: str) -> dict[str, str]:
    """Return each region's text, by kata."""
    return _split(text)[1]


def region_starts(text: str) -> dict[str, int]:
    """Return the line, from 1, on which each region's own code begins."""
    starts = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if match := HEADER.fullmatch(line):
            starts[match[1]] = number + 1
    return starts


def _parse_python(source: str) -> ast.Module:
    try:
        return ast.parse(source)
    except SyntaxError as error:
        raise NotPythonError(_reason(error), error.lineno or 1) from None
    except ValueError as error:
        raise NotPythonError(f"This cell is not plain text: {error}.", 1) from None


def _reason(error: SyntaxError) -> str:
    text = (error.text or "").strip()
    if text.startswith(("%", "!")):
        return "A kata's cell holds plain Python only: no % or ! commands."
    message = error.msg or "it does not parse"
    return f"This cell is not valid Python: {message}."


def _defined(tree: ast.Module) -> Iterable[str]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        targets = node.targets if isinstance(node, ast.Assign) else ()
        if isinstance(node, ast.AnnAssign):
            targets = [node.target]
        for target in targets:
            yield from (n.id for n in ast.walk(target) if isinstance(n, ast.Name))


def _split(text: str) -> tuple[str, dict[str, str]]:
    head: list[str] = []
    regions: dict[str, list[str]] = {}
    current = head
    for line in text.splitlines():
        if match := HEADER.fullmatch(line):
            current = regions.setdefault(match[1], [])
        else:
            current.append(line)
    return "\n".join(head), {
        kata: normalised("\n".join(lines)) for kata, lines in regions.items()
    }


def _without(head: str, nodes: Iterable[ast.stmt]) -> str:
    gone = {
        number
        for node in nodes
        for number in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    numbered = enumerate(head.splitlines(), start=1)
    return "\n".join(text for number, text in numbered if number not in gone).strip()


def _in_order(regions: Mapping[str, str], order: Sequence[str]) -> list[str]:
    # Regions of katas that the course no longer has keep their place at the end.
    return [kata for kata in order if kata in regions] + [
        kata for kata in regions if kata not in order
    ]


def _refuse_second_definition(
    file: SourceFile, kata: str, code: CellCode, path: str
) -> None:
    places = {"": file.extra, **file.regions}
    places.pop(kata, None)
    for owner, text in places.items():
        try:
            twice = sorted(code.defines & set(_defined(ast.parse(text))))
        except (SyntaxError, ValueError):
            continue
        if twice:
            where = (
                f"by the kata {owner}" if owner else "above the first `# kata:` line"
            )
            raise KataError(
                f"{path} already defines `{twice[0]}`, {where}.",
                f"Give yours another name, or change the one that is there"
                f"{f' in the cell of {owner}' if owner else ''}.",
            )
