"""A lesson's master in sections: what leads into it, each kata, what closes it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from kata.course.curriculum import Kata
from kata.course.master import HEADING, Cell

BRIEF = "### Your turn"
"""How a task begins in a kata that has a problem above it."""


@dataclass
class Section:
    """Neighbouring cells under one heading, and the kata whose they are."""

    cells: list[Cell] = field(default_factory=list)
    kata: Kata | None = None

    @property
    def stub(self) -> Cell | None:
        """The kata's starting code."""
        return next((cell for cell in self.cells if is_stub(cell)), None)

    @property
    def brief(self) -> Cell | None:
        """The task: the text right above the starting code."""
        for above, cell in pairwise(self.cells):
            if is_stub(cell) and not above.is_code:
                return above
        return None

    @property
    def above(self) -> list[Cell]:
        """The cells before the task."""
        last = self.brief or self.stub
        return self.cells[: self.cells.index(last)] if last else self.cells

    @property
    def hints(self) -> list[Cell]:
        """The hints, the first rung first."""
        return [cell for cell in self.cells if "hint" in cell.tags]

    @property
    def answer(self) -> list[Cell]:
        """The solution and the look back, without further answers."""
        return [
            cell
            for cell in self.cells
            if "solution" in cell.tags and "variant" not in cell.options
        ]

    @property
    def below(self) -> list[Cell]:
        """What is run once the kata is done, and what is said of it."""
        if self.stub is None:
            return []
        rest = self.cells[self.cells.index(self.stub) + 1 :]
        return [cell for cell in rest if not {"hint", "solution"} & cell.tags]


def is_stub(cell: Cell) -> bool:
    """Tell whether a cell is a kata's starting code."""
    return "kata" in cell.options and "solution" not in cell.tags


def sections(cells: Iterable[Cell], katas: Mapping[str, Kata]) -> list[Section]:
    """Split the cells of a lesson. The first section may have neither title nor kata.

    Each `## ` begins a section. A kata without a problem begins with its task.
    """
    found = [Section()]
    for cell, after in pairwise([*cells, None]):
        if cell is None:
            continue
        titled = not cell.is_code and cell.source.startswith(HEADING)
        second = after is not None and is_stub(after) and found[-1].stub is not None
        if titled or (second and not cell.is_code):
            found.append(Section())
        found[-1].cells.append(cell)
        if is_stub(cell):
            found[-1].kata = katas.get(cell.options["kata"])
    return found
