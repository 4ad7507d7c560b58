"""Which of the learner's cells is which of the course's: by what they are.

An id alone does not tell: tools strip the ids or number them anew, format 4.4 has none,
and a cell may have been pasted over. And what was once given alone does not tell which
lesson a notebook was made from: an editor that had it open may have saved the old one.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from kata.course.master import Cell, Notebook
from kata.source.cell import normalised

Keyed = dict[str, Cell]
Versions = Mapping[str, Sequence[Cell]]
"""The course's cells by id: each as it was, and as it is."""
ROLES = ("kata", "needs", "example")
ALIKE = 0.6
"""How much of two texts has to be the same where nothing else tells them."""


def by_id(notebook: Notebook) -> Keyed:
    """Return the cells of one of the course's notebooks by their ids."""
    return {str(cell.raw.get("id")): cell for cell in notebook.cells}


def same(one: Cell, other: Cell) -> bool:
    """Tell whether two cells hold the same, blanks aside."""
    return _content(one) == _content(other)


def made_from(mine: Notebook, versions: Iterable[Notebook]) -> Notebook | None:
    """Return the version of a lesson that a notebook has most of, or the first."""
    found = {_content(cell) for cell in mine.cells}

    def shared(version: Notebook) -> int:
        return len(found & {_content(cell) for cell in version.cells})

    return max(versions, key=shared, default=None)


def keyed(mine: Notebook, base: Keyed | None, fresh: Keyed) -> Keyed:
    """Return the learner's cells by the ids of the course's; the others by number."""
    versions = {
        key: [side[key] for side in (base or {}, fresh) if key in side]
        for key in (base or {}) | fresh
    }
    matching = _Matching(mine.cells, versions)
    matching.take(lambda key, cell: _has_id(key, cell) and _is(versions[key], cell))
    matching.take(lambda key, cell: _has_id(key, cell) and _can_be(versions[key], cell))
    has_ids = bool(matching.keys)
    matching.take(lambda key, cell: _has_role(versions[key], cell))
    matching.take(lambda key, cell: _is(versions[key], cell))
    if not has_ids:
        # A cell that is new in the course is none that the learner has.
        old = base or fresh
        matching.take(lambda key, cell: key in old and _alike(versions[key], cell))
    names = (matching.keys.get(at, f"own {at}") for at in range(len(mine.cells)))
    return dict(zip(names, mine.cells, strict=True))


@dataclass
class _Matching:
    """Cells of a notebook, and the course's ids that were found for them."""

    cells: Sequence[Cell]
    versions: Versions
    keys: dict[int, str] = field(default_factory=dict)

    def take(self, fits: Callable[[str, Cell], bool]) -> None:
        """Give each cell without an id the first free one that fits."""
        for at, cell in enumerate(self.cells):
            if at not in self.keys:
                key = next((key for key in self._free() if fits(key, cell)), None)
                if key is not None:
                    self.keys[at] = key

    def _free(self) -> Iterator[str]:
        taken = {*self.keys.values()}
        return (key for key in self.versions if key not in taken)


def _has_id(key: str, cell: Cell) -> bool:
    return key == str(cell.raw.get("id"))


def _is(versions: Sequence[Cell], cell: Cell) -> bool:
    return any(same(version, cell) for version in versions)


def _can_be(versions: Sequence[Cell], cell: Cell) -> bool:
    """Tell whether a cell may have been made of one: not if it is another kata's."""
    katas = {version.options.get("kata") for version in versions}
    return cell.options.get("kata") in {None, *katas} or katas == {None}


def _has_role(versions: Sequence[Cell], cell: Cell) -> bool:
    role = _role(cell)
    return role is not None and role in map(_role, versions)


def _role(cell: Cell) -> tuple[str, str] | None:
    if "variant" in cell.options:
        return None
    return next(
        ((key, cell.options[key]) for key in ROLES if key in cell.options), None
    )


def _alike(versions: Sequence[Cell], cell: Cell) -> bool:
    kind, text = _content(cell)
    others = [
        other for other_kind, other in map(_content, versions) if other_kind == kind
    ]
    return any(
        (other and other in text) or SequenceMatcher(None, text, other).ratio() >= ALIKE
        for other in others
    )


def _content(cell: Cell) -> tuple[str, str]:
    return cell.raw["cell_type"], normalised(cell.source)
