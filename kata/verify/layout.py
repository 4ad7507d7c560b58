"""Proof by looking: every file of a lesson is there, and no other."""

from collections.abc import Iterator
from pathlib import Path

from kata.build.derive import differences
from kata.course.course import Course
from kata.course.curriculum import Lesson
from kata.errors import nearest
from kata.verify.fault import Fault, Kind


def prove_siblings(course: Course) -> Iterator[Fault]:
    """No lesson or kata lacks its files, and no file lacks its lesson or kata."""
    lessons = course.curriculum.lessons
    slugs = {lesson.slug for lesson in lessons}
    wrong = course.root / "tests" / "wrong_answers"
    yield from _compare(course, course.root / "solutions", "*.ipynb", slugs)
    yield from _compare(course, course.root / "checks", "[0-9]*", slugs)
    yield from _compare(course, wrong, "[0-9]*", slugs)
    for lesson in lessons:
        names = {kata.name for kata in lesson.katas}
        tests = {f"test_{name}" for name in names}
        checks = course.root / "checks" / lesson.slug
        yield from _compare(course, checks, "*.py", tests)
        yield from _compare(course, wrong / lesson.slug, "*", names)


def prove_in_sync(course: Course) -> Iterator[Fault]:
    """What is derived from the masters is what they say."""
    for one in differences(course):
        path = one.path.relative_to(course.root).as_posix()
        yield Fault(Kind.SYNC, path, f"{one.reason}; run `kata build`")


def prove_master(course: Course, lesson: Lesson) -> Iterator[Fault]:
    """A master holds the lesson's katas, in order, and every cell was executed."""
    master = course.master(lesson)
    wanted = [kata.id for kata in lesson.katas]
    if [*master.katas] != wanted:
        yield Fault(
            Kind.NOTEBOOK,
            lesson.slug,
            f"its katas are {', '.join(master.katas)}; curriculum.toml says "
            f"{', '.join(wanted)}",
        )
    for cell in master.cells:
        if cell.is_code and cell.raw.get("execution_count") is None:
            name = cell.raw.get("id", "?")
            yield Fault(
                Kind.NOTEBOOK,
                lesson.slug,
                f"its cell {name} was never executed; run `kata build --run`",
            )


def _compare(
    course: Course, folder: Path, pattern: str, wanted: set[str]
) -> Iterator[Fault]:
    present = {
        path.stem if path.is_file() else path.name: path
        for path in folder.glob(pattern)
        if path.name not in {"conftest.py", "__pycache__"}
    }
    place = folder.relative_to(course.root).as_posix()
    for name in sorted(wanted - present.keys()):
        yield Fault(Kind.LAYOUT, place, f"{name} is missing")
    for name in sorted(present.keys() - wanted):
        said = f"{present[name].name} belongs to nothing. {nearest(name, wanted)}"
        yield Fault(Kind.LAYOUT, place, said)
