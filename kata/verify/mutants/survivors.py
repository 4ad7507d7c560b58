"""Mutants that may survive: recorded by people, with a reason, in one file a lesson.

An entry names its line by the text, so that edits elsewhere in the cell do no harm.
"""

import tomllib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from kata.course.course import Course
from kata.course.curriculum import Lesson
from kata.errors import KataError
from kata.verify.mutants.mutants import Mutant


@dataclass(frozen=True)
class Survivor:
    """A change to a kata's reference that its checks let pass, and why they may."""

    kata: str
    line: str
    what: str
    why: str

    def is_of(self, mutant: Mutant) -> bool:
        """Tell whether a mutant of the same kata is this change."""
        return (self.line, self.what) == (mutant.text, mutant.what)


@dataclass(frozen=True)
class Stale:
    """An entry that is true no more, and what has become of it."""

    survivor: Survivor
    reason: str


@dataclass(frozen=True)
class Triage:
    """A kata's survivors, by what is known of them."""

    explained: tuple[tuple[Mutant, Survivor], ...]
    unexplained: tuple[Mutant, ...]
    stale: tuple[Stale, ...]


def path_of(course: Course, lesson: Lesson) -> Path:
    """Return where the recorded survivors of a lesson stand."""
    return course.root / "tests" / "survivors" / f"{lesson.slug}.toml"


def known(course: Course, lesson: Lesson) -> tuple[Survivor, ...]:
    """Return the recorded survivors of a lesson; where there is no file, there is none.

    A file that can't be read, names another lesson's kata or lacks a reason is a
    `KataError`.
    """
    path = path_of(course, lesson)
    if not path.exists():
        return ()
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        found = [Survivor(kata, **row) for kata, rows in table.items() for row in rows]
    except (OSError, ValueError, TypeError) as error:
        raise KataError(
            f"tests/survivors/{path.name} can't be read: {error}.",
            "Each entry is headed by its kata and holds `line`, `what` and `why`.",
        ) from None
    katas = {kata.id for kata in lesson.katas}
    for one in found:
        if one.kata not in katas or not one.why.strip():
            wrong = "a reason" if one.kata in katas else f"a kata of {lesson.slug}"
            raise KataError(
                f"tests/survivors/{path.name}: {one.what} ({one.kata}) lacks {wrong}.",
                "Say in a sentence why nothing promised has changed, under the kata.",
            )
    return tuple(found)


def triage(
    kata: str,
    *,
    made: Collection[Mutant],
    survived: Iterable[Mutant],
    recorded: Iterable[Survivor],
) -> Triage:
    """Compare the mutants of a kata that survived with what is recorded of it."""
    entries = [one for one in recorded if one.kata == kata]
    explained, unexplained = [], []
    for mutant in survived:
        reasons = [one for one in entries if one.is_of(mutant)]
        if reasons:
            explained.append((mutant, reasons[0]))
        else:
            unexplained.append(mutant)
    used = {entry for _, entry in explained}
    stale = [Stale(one, _fate(one, made)) for one in entries if one not in used]
    return Triage(tuple(explained), tuple(unexplained), tuple(stale))


def _fate(survivor: Survivor, made: Iterable[Mutant]) -> str:
    if any(survivor.is_of(mutant) for mutant in made):
        return "the checks refuse it now"
    return "this change is not made any more"
