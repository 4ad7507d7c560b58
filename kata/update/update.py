"""A newer course brought into a workspace: notebooks only, and never the service."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from kata.course import master
from kata.course.curriculum import Lesson
from kata.course.master import Cell, Notebook, dump
from kata.errors import KataError
from kata.loop.loop import Loop
from kata.source.cell import normalised
from kata.update.match import made_from
from kata.update.merge import Merge, merge
from kata.verdict import Status
from kata.workspace.workspace import (
    MARKER,
    course_version,
    give,
    newer_version,
    note_version,
    write_atomically,
)

BACKUP = "backup"
EARLIER = "earlier"
"""Below what was given: each lesson as it was given before."""


@dataclass(frozen=True)
class Step:
    """What an update does to one lesson's notebook."""

    name: str
    merge: Merge | None
    """Nothing where the notebook is new."""
    unknown: bool = False
    """Whether nobody noted what was given, when the notebook was made."""
    noted: bool = False
    """Whether what is to be given was noted already."""

    @property
    def is_due(self) -> bool:
        """Whether anything is to be written, be it only a note."""
        return self.merge is None or self.merge.differs or not self.noted


@dataclass
class Update:
    """What is to be done, or was done, and which notebooks were left alone."""

    steps: list[Step] = field(default_factory=list)
    refused: list[KataError] = field(default_factory=list)
    left_out: dict[str, list[Cell]] = field(default_factory=dict)
    """By notebook, the cells of the course that the learner has taken out."""


def plan(loop: Loop) -> Update:
    """Tell what an update would do. Nothing is changed."""
    return _each(loop, lambda lesson: _step(loop, lesson))


def apply(loop: Loop) -> Update:
    """Do it, from the notebooks as they are now; a bad one keeps no other back."""
    done = _each(loop, lambda lesson: _apply(loop, lesson))
    note_version(loop.workspace)
    return done


def _each(loop: Loop, act: Callable[[Lesson], Step | None]) -> Update:
    if theirs := newer_version(loop.workspace):
        raise KataError(
            f"{loop.workspace.root} was made by version {theirs} of the course; "
            f"this one is {course_version()}.",
            f"Install version {theirs} or a later one, then update.",
        )
    update = Update()
    for lesson in loop.course.curriculum.lessons:
        try:
            step = act(lesson)
            if step and step.is_due:
                update.steps.append(step)
            if step and step.merge and step.merge.left_out:
                update.left_out[step.name] = step.merge.left_out
        except KataError as error:
            update.refused.append(error)
    return update


def _step(loop: Loop, lesson: Lesson) -> Step | None:
    """Return what is to be done for a lesson, or None where it is not written yet.

    What is on disk decides: which version of the lesson it was made from, too.
    """
    source = loop.course.lesson_path(lesson)
    name = source.name
    if not source.exists():
        return None
    if not (loop.workspace.root / name).exists():
        return Step(name, None)
    mine, new = _read(loop.workspace.root / name), _read(source)
    given = _given(loop, name)
    base = given and made_from(mine, [given, new, *_earlier(loop, name)])
    return Step(
        name,
        merge(mine, new, base, lambda cell: _was_stub(loop, cell)),
        unknown=given is None,
        noted=given is not None and given.raw == new.raw,
    )


def _apply(loop: Loop, lesson: Lesson) -> Step | None:
    step = _step(loop, lesson)
    if step is None or not step.is_due:
        return step
    text = loop.course.lesson_path(lesson).read_text(encoding="utf-8")
    if step.merge is None:
        give(loop.workspace, step.name, text)
        return step
    path = loop.workspace.root / step.name
    if step.merge.differs:
        _back_up(path, loop.workspace.root / MARKER / BACKUP)
        write_atomically(path, dump(step.merge.raw))
    if not step.noted:
        _keep_given(loop, step.name)
    # Last: killed before this, the next update finds its cells in place, and goes on.
    write_atomically(loop.workspace.given_path(step.name), text)
    return step


def _given(loop: Loop, name: str) -> Notebook | None:
    with suppress(KataError):
        return _read(loop.workspace.given_path(name))
    return None


def _earlier(loop: Loop, name: str) -> Iterator[Notebook]:
    """Yield a lesson as it was given before, the newest first."""
    given = loop.workspace.given_path(name)
    paths = (given.parent / EARLIER).glob(f"{given.stem}.*{given.suffix}")
    for path in sorted(paths, key=lambda path: (len(path.name), path.name))[::-1]:
        with suppress(KataError):
            yield _read(path)


def _keep_given(loop: Loop, name: str) -> None:
    """Keep what was given so far: an editor may yet bring it back."""
    given = loop.workspace.given_path(name)
    known = next(_earlier(loop, name), None)
    if given.exists() and (
        known is None or known.path.read_bytes() != given.read_bytes()
    ):
        _back_up(given, given.parent / EARLIER)


def _read(path: Path) -> Notebook:
    """Read a notebook, and make sure that it has the cells of one."""
    found = master.read(path)
    cells = found.raw["cells"]
    if not isinstance(cells, list) or not all(map(_is_cell, cells)):
        raise KataError(
            f"{path.name} is not a notebook.",
            "Take a fresh copy of it from the course.",
        )
    return found


def _is_cell(raw: object) -> bool:
    if not isinstance(raw, dict) or not isinstance(raw.get("cell_type"), str):
        return False
    source = raw.get("source")
    lines = [source] if isinstance(source, str) else source
    return isinstance(lines, list) and all(isinstance(line, str) for line in lines)


def _was_stub(loop: Loop, cell: Cell) -> bool:
    """Tell whether history knows a cell's code as the starting code of its kata."""
    kata = cell.options.get("kata")
    if not kata or not loop.workspace.progress_path.exists():
        return False
    return any(
        attempt.status is Status.UNTOUCHED
        and normalised(attempt.source) == normalised(cell.source)
        for attempt in loop.progress.history(kata)
    )


def _back_up(path: Path, folder: Path) -> None:
    """Keep a notebook as it is, byte by byte, under a name of its own."""
    names = (f"{path.stem}.{number}{path.suffix}" for number in count(1))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        free = next(one for name in names if not (one := folder / name).exists())
        shutil.copyfile(path, free)
    except OSError as error:
        raise KataError(
            f"{path.name} can't be kept in {folder}: {error.strerror}.",
            "It was left as it is. Make the folder writable, or free some space.",
        ) from None
