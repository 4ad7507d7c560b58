"""A learner's notebook and a newer lesson made into one, cell by cell."""

from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from uuid import uuid4

from kata.course.master import Cell, Notebook, Raw
from kata.update.match import Keyed, by_id, keyed, same

IDS_SINCE = 5
"""The minor version of the format from which each cell needs an id."""


@dataclass
class Merge:
    """What became of a notebook, and why. The cells are named for the summary."""

    raw: Raw = field(default_factory=dict)
    changed: list[Cell] = field(default_factory=list)
    """Cells that say now what the course says."""
    added: list[Cell] = field(default_factory=list)
    gone: list[Cell] = field(default_factory=list)
    kept: list[Cell] = field(default_factory=list)
    """The learner's cells that the course has changed or dropped as well."""
    overwritten: list[Cell] = field(default_factory=list)
    """Prose of the course that the learner had changed, and the course as well."""
    left_out: list[Cell] = field(default_factory=list)
    """Cells of the course that the learner has taken out."""
    moved: bool = False

    @property
    def differs(self) -> bool:
        """Whether the notebook is to be written."""
        return bool(
            self.changed or self.added or self.gone or self.overwritten or self.moved
        )


def merge(
    mine: Notebook,
    new: Notebook,
    given: Notebook | None,
    was_stub: Callable[[Cell], bool] = lambda _: False,
) -> Merge:
    """Bring a newer lesson into a learner's notebook.

    `given` is the lesson that the notebook was last made from. Where nobody knows it,
    code counts as the learner's, unless it `was_stub`.
    """
    fresh, base = by_id(new), by_id(given) if given else None
    own = keyed(mine, base, fresh)
    done = Merge()
    cells: Keyed = {}
    for key, cell in own.items():
        known = base.get(key) if base is not None else _guess(cell, was_stub)
        settled = _settled(cell, known, fresh.get(key), done, sure=base is not None)
        if settled:
            cells[key] = settled
    for key, cell in fresh.items():
        if key in (base or {}) and key not in own:
            done.left_out.append(cell)
        elif key not in own:
            cells[key] = cell
            done.added.append(cell)
    order = _order(list(own), list(fresh), list(base or {}), cells)
    done.moved = [key for key in order if key in own] != [k for k in own if k in cells]
    done.raw = _notebook(mine, new, {key: cells[key] for key in order})
    return done


def _guess(cell: Cell, was_stub: Callable[[Cell], bool]) -> Cell | None:
    """Return what the course gave, where nobody noted it: prose, and known stubs."""
    return cell if not cell.is_code or was_stub(cell) else None


def _settled(
    cell: Cell, known: Cell | None, now: Cell | None, done: Merge, *, sure: bool
) -> Cell | None:
    """Return the cell that is to stand in this one's place, and note why.

    `known` is what the course gave here and `now` what it gives. Unless that is `sure`,
    no cell is removed, and none is called changed by both.
    """
    if now is None:
        if sure and known and same(cell, known):
            done.gone.append(cell)
            return None
        done.kept += [cell] if sure and known else []
        return cell
    if same(cell, now):
        return cell
    if known and same(cell, known):
        done.changed.append(now)
        return now
    if known and same(known, now):
        return cell
    if cell.is_code or now.is_code:
        done.kept += [cell] if sure else []
        return cell
    done.overwritten.append(now)
    return now


def _order(
    mine: Sequence[str], fresh: Sequence[str], base: Sequence[str], keep: Keyed
) -> list[str]:
    """Return the course's order, unless the learner moved the course's cells."""
    common = set(mine) & set(base) & set(fresh)
    moved = [key for key in mine if key in common] != [k for k in base if k in common]
    if base and not moved:
        return _inserted((k for k in fresh if k in keep), mine, keep, passing=set())
    own = set(mine) - set(fresh)
    return _inserted((k for k in mine if k in keep), fresh, keep, passing=own)


def _inserted(
    into: Iterable[str], others: Iterable[str], keep: Keyed, passing: set[str]
) -> list[str]:
    """Insert what is missing behind the cell that it follows among the others.

    It goes behind the cells of `passing` there: they stay with their neighbour.
    """
    order, at = list(into), 0
    for key in others:
        if key not in keep:
            continue
        if key not in order:
            while at and at < len(order) and order[at] in passing:
                at += 1
            order.insert(at, key)
        at = order.index(key) + 1
    return order


def _notebook(mine: Notebook, new: Notebook, cells: Keyed) -> Raw:
    raw = {key: value for key, value in mine.raw.items() if key != "cells"}
    if _minor(mine) < _minor(new):
        raw["nbformat"], raw["nbformat_minor"] = new.raw["nbformat"], _minor(new)
    raw["cells"] = [deepcopy(cell.raw) for cell in cells.values()]
    if raw.get("nbformat_minor", 0) >= IDS_SINCE:
        _name(raw["cells"], list(cells), {*by_id(new)})
    return raw


def _name(raws: Sequence[Raw], keys: Sequence[str], courses: set[str]) -> None:
    """Give the course's cells their own ids again, and every other cell one."""
    taken = {key for key in keys if key in courses}
    for raw, key in zip(raws, keys, strict=True):
        if key in courses:
            raw["id"] = key
        elif raw.get("id") is None or raw["id"] in taken:
            raw["id"] = uuid4().hex[:8]
        taken.add(raw["id"])


def _minor(notebook: Notebook) -> int:
    minor = notebook.raw.get("nbformat_minor", 0)
    return minor if isinstance(minor, int) else 0
