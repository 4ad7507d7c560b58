"""Proof by what a master stores: red below a stub, green below each right answer.

nbval runs the masters again and compares, so that what is stored stays true.
"""

from collections.abc import Iterator

from kata.course.course import Course
from kata.course.curriculum import Kata
from kata.display.words import REASON
from kata.verdict import Status
from kata.verify.fault import Fault, Kind


def prove_stored(course: Course, kata: Kata) -> Iterator[Fault]:
    """Every cell of a kata stores the verdict that a learner should get."""
    for cell in course.master(course.curriculum.lesson_of(kata)).cells:
        if cell.options.get("kata") != kata.id:
            continue
        wanted = Status.PASSED if "solution" in cell.tags else Status.UNTOUCHED
        headline = cell.shown.partition("\n")[0]
        if not headline.lower().startswith(f"{REASON[wanted]}: {kata.id}"):
            said = f"“{headline}”" if headline else "no verdict"
            where = f"the cell `{cell.raw['id']}`"
            what = f"{where} stores {said}, not “{REASON[wanted]}”: `kata build --run`"
            yield Fault(Kind.STORED, kata.id, what)
