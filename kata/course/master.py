"""A lesson's master: the cells of each kata, and the learner's copy of it."""

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

from kata.errors import KataError
from kata.source.cell import options

AUTHORS_TAGS = {"hint", "solution"}

Raw = dict[str, Any]


@dataclass(frozen=True)
class Cell:
    """One cell of a notebook."""

    raw: Raw

    @cached_property
    def source(self) -> str:
        """The cell's text; on disk it may be a string or a list of lines."""
        source = self.raw["source"]
        return source if isinstance(source, str) else "".join(source)

    @cached_property
    def options(self) -> dict[str, str]:
        """The cell options of a code cell."""
        return options(self.source) if self.is_code else {}

    @property
    def is_code(self) -> bool:
        """Whether this is a code cell."""
        return bool(self.raw["cell_type"] == "code")

    @property
    def tags(self) -> frozenset[str]:
        """The cell's tags."""
        return frozenset(self.raw.get("metadata", {}).get("tags", ()))


@dataclass(frozen=True)
class KataCells:
    """The cells of one kata in a master: its sources, ready to be used."""

    brief: str
    stub: str
    hints: tuple[str, ...]
    solutions: tuple[str, ...]
    """The reference first, then the variants."""
    explanation: str

    @property
    def reference(self) -> str:
        """The solution that the reference is made of."""
        return self.solutions[0]


@dataclass(frozen=True)
class Notebook:
    """A notebook as it stands on disk."""

    path: Path
    raw: Raw

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """All cells in order."""
        return tuple(Cell(raw) for raw in self.raw["cells"])

    @cached_property
    def katas(self) -> dict[str, KataCells]:
        """The cells of each kata, by kata id, in order of appearance."""
        return dict(_kata_cells(self))


def read(path: Path) -> Notebook:
    """Read a notebook. A file that is none is a `KataError` that says why."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise KataError(
            f"{path.name} can't be read: {reason}.",
            "Look whether it is where it should be, or install the course again.",
        ) from None
    if "<<<<<<<" in text and ">>>>>>>" in text:
        raise KataError(
            f"{path.name} holds the marks of an unfinished merge.",
            "Settle the merge, or take one side whole, then try again.",
        )
    try:
        raw = json.loads(text)
        raw["cells"]
    except (ValueError, KeyError, TypeError):
        raise KataError(
            f"{path.name} is not a notebook.",
            "Take a fresh copy of it from the course.",
        ) from None
    return Notebook(path, raw)


def lesson_of(master: Raw) -> Raw:
    """Return the learner's notebook: the master without answers and outputs.

    Deleting is the whole transform, so a lesson cannot drift from its master.
    """
    lesson = deepcopy(master)
    lesson["cells"] = [
        cell for cell in lesson["cells"] if not AUTHORS_TAGS & Cell(cell).tags
    ]
    for cell in lesson["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = []
            cell["execution_count"] = None
    return lesson


def dump(raw: Raw) -> str:
    """Return a notebook's text, written the way Jupyter writes it."""
    return json.dumps(raw, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _kata_cells(notebook: Notebook) -> Iterator[tuple[str, KataCells]]:
    cells = notebook.cells
    starts = [at for at, cell in enumerate(cells) if _is_stub(cell)]
    for start, end in pairwise([*starts, len(cells)]):
        body = cells[start + 1 : end]
        yield (
            cells[start].options["kata"],
            KataCells(
                brief=cells[start - 1].source,
                stub=cells[start].source,
                hints=tuple(cell.source for cell in body if "hint" in cell.tags),
                solutions=tuple(
                    cell.source
                    for cell in body
                    if cell.is_code and "solution" in cell.tags
                ),
                explanation="\n\n".join(
                    cell.source
                    for cell in body
                    if not cell.is_code and "solution" in cell.tags
                ),
            ),
        )


def _is_stub(cell: Cell) -> bool:
    return "kata" in cell.options and "solution" not in cell.tags
