"""How long a verdict takes in the site's pages, lesson by lesson: in their Python.

    python benchmarks/page.py
    python benchmarks/page.py 01 02 --rounds 5
    python benchmarks/page.py --against ../an-older-checkout

It runs under Node, and takes what `kata verify --page` takes. Another checkout has to
have run that before. Processor time counts what all threads of Node took: on a machine
with nothing else to do, a reader waits for as long or less.
"""

import argparse
import statistics
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from figures import HOME
from rich.console import Console
from rich.progress import track
from rich.table import Table

from kata.course.course import Course
from kata.course.curriculum import Lesson
from kata.page import marks, parts
from kata.page.build import CACHE, build
from kata.page.marks import Mark
from kata.page.proof import FOLDER, PagePython, wrong_answer

BUILT = FOLDER.relative_to(CACHE.parents[1])
"""Where a checkout keeps what it has built for the proof."""
NOW, BEFORE = "now", "before"


class Took(NamedTuple):
    """Seconds of one verdict."""

    cpu: float
    wall: float


@dataclass
class Verdicts:
    """What one kata's verdicts took in one Python."""

    first: Took
    """Of its starting code: nothing of this kata has run in that Python before."""
    others: list[Took] = field(default_factory=list)
    """Of a wrong answer and of ours, in turn."""

    @property
    def usual(self) -> Took:
        """The median of those that came later."""
        cpu, wall = zip(*self.others, strict=True)
        return Took(statistics.median(cpu), statistics.median(wall))


Measured = dict[str, dict[str, Verdicts]]
"""By which Python it was, then by kata."""


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("lessons", nargs="*", help="all, if left out")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--against", type=Path, help="a checkout to compare with")
    wish = parser.parse_args()
    course = Course(HOME)
    build(course, FOLDER)
    folders = {NOW: FOLDER}
    if wish.against:
        folders |= {BEFORE: wish.against / BUILT}
    known = course.curriculum
    lessons = [known.lesson(name) for name in wish.lessons] or [*known.lessons]
    with ExitStack() as stack:
        pythons = {
            name: stack.enter_context(PagePython(folder))
            for name, folder in folders.items()
        }
        measured = {
            lesson: _measured(course, lesson, pythons, wish.rounds)
            for lesson in track(lessons, "Lessons")
        }
    Console().print(_table(measured, wish.rounds))


def _measured(
    course: Course, lesson: Lesson, pythons: Mapping[str, PagePython], rounds: int
) -> Measured:
    """Run the answers of a lesson's katas in each Python, in turn."""
    marked = marks.load(course)
    found: Measured = {name: {} for name in pythons}
    for kata in lesson.katas:
        mark = marked.get(kata.id, Mark(""))
        if not mark.runs:
            continue
        needed = parts.needed(course, kata)
        cells = course.cells(kata)
        answers = [*filter(None, [wrong_answer(course, kata, mark)]), cells.reference]
        for name, python in pythons.items():
            found[name][kata.id] = Verdicts(_took(python, needed, cells.stub))
        for _ in range(rounds):
            for answer in answers:
                for name, python in pythons.items():
                    took = _took(python, needed, answer)
                    found[name][kata.id].others.append(took)
    return found


def _took(python: PagePython, needed: tuple[str, ...], source: str) -> Took:
    answer = python.ask(needed, "check", source)
    return Took(answer["cpu"], answer["seconds"])


def _table(measured: Mapping[Lesson, Measured], rounds: int) -> Table:
    table = Table("", title="Verdicts in a page, milliseconds")
    against = any(BEFORE in found for found in measured.values())
    for heading in ("katas", "median", "wall clock", "first", "slowest"):
        table.add_column(heading, justify="right")
    table.add_column("")
    if against:
        table.add_column("times faster", justify="right")
    table.caption = (
        f"Medians of {rounds} rounds for each kata, a wrong answer and ours in each, "
        "in processor time but for one column. First: a kata's first verdict."
    )
    for lesson, found in measured.items():
        table.add_row(lesson.slug, *_row(found))
    return table


def _row(found: Measured) -> Iterator[str]:
    now = found[NOW]
    usual = {kata: verdicts.usual for kata, verdicts in now.items()}
    slowest = max(usual, key=lambda kata: usual[kata].cpu)
    yield f"{len(now)}"
    yield _ms(one.cpu for one in usual.values())
    yield _ms(one.wall for one in usual.values())
    yield _ms(verdicts.first.cpu for verdicts in now.values())
    yield _ms([usual[slowest].cpu])
    yield slowest
    if before := found.get(BEFORE):
        cpu = sum(verdicts.usual.cpu for verdicts in before.values())
        yield f"{cpu / sum(one.cpu for one in usual.values()):.2f}"


def _ms(seconds: Iterable[float]) -> str:
    return f"{1000 * statistics.median(seconds):.0f}"


if __name__ == "__main__":
    main()
