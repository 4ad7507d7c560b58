"""A lesson's master: the cells of each kata, and the learner's copy of it."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

from kata.errors import KataError
from kata.source.cell import options

AUTHORS_TAGS = {"hint", "solution"}
HEADING = "## "
"""How the first text of a kata begins."""

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
    def printed(self) -> str:
        """What it printed when the notebook was last run; nothing if it never was."""
        return self._said(
            lambda out: out["text"] if out.get("name") == "stdout" else ""
        )

    @property
    def shown(self) -> str:
        """The text of what it displayed when the notebook was last run, if anything."""
        return self._said(lambda out: out.get("data", {}).get("text/plain", ""))

    def _said(self, text_of: Callable[[Raw], Iterable[str]]) -> str:
        """Join the texts of its outputs; each is a string or a list of lines."""
        outputs = self.raw.get("outputs", ())
        return "".join(part for out in outputs for part in text_of(out))

    @property
    def tags(self) -> frozenset[str]:
        """The cell's tags."""
        return frozenset(self.raw.get("metadata", {}).get("tags", ()))


@dataclass(frozen=True)
class KataCells:
    """The cells of one kata in a master: its sources, ready to be used."""

    brief: str
    """The task: the text right above the stub."""
    stub: str
    hints: tuple[str, ...]
    solutions: tuple[str, ...]
    """The reference first, then the variants."""
    explanation: str
    """The look back at the solution."""
    problem: str = ""
    """What the service can't do yet: from the heading down to the example."""
    example: str = ""
    """A cell that runs by itself; plumbing has none."""
    explained: str = ""
    """What the example has shown: the text between it and the task."""

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

    @cached_property
    def examples(self) -> tuple[Cell, ...]:
        """The cell of each example, in order of appearance.

        Its option names a kata, or the lesson where several katas share an example.
        """
        return tuple(cell for cell in self.cells if "example" in cell.options)


def read(path: Path) -> Notebook:
    """Read a notebook. A file that is none is a `KataError` that says why."""
    try:
        text = path.read_text(encoding="utf-8-sig")
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
    above = 0
    for start, end in pairwise([*starts, len(cells)]):
        body = cells[start + 1 : end]
        kata = cells[start].options["kata"]
        problem, example, explained = _lead(kata, cells[above : max(start - 1, 0)])
        above = start + 1
        yield (
            kata,
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
                problem=problem,
                example=example,
                explained=explained,
            ),
        )


def _lead(kata: str, cells: Sequence[Cell]) -> tuple[str, str, str]:
    """Return what leads to a kata's task: the problem, an example, its explanation.

    `cells` are those between the stub above and the task.
    """
    examples = [cell.options.get("example") == kata for cell in cells]
    at = examples.index(True) if any(examples) else len(cells)
    headings = [n for n in range(at) if cells[n].source.startswith(HEADING)]
    problem = cells[headings[-1] : at] if headings else ()
    example = cells[at].source if at < len(cells) else ""
    return _prose(problem), example, _prose(cells[at + 1 :])


def _prose(cells: Iterable[Cell]) -> str:
    return "\n\n".join(
        cell.source
        for cell in cells
        if not cell.is_code and not AUTHORS_TAGS & cell.tags
    )


def _is_stub(cell: Cell) -> bool:
    return "kata" in cell.options and "solution" not in cell.tags
