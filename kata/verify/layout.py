"""Proof by looking: every file of a lesson is there, and no other."""

from collections.abc import Iterator
from pathlib import Path

from kata.build.derive import differences
from kata.course.course import Course
from kata.course.curriculum import Lesson
from kata.course.master import Notebook
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
    yield from _prove_examples_in_place(course, lesson)
    never_run = [
        str(cell.raw.get("id", "?"))
        for cell in master.cells
        if cell.is_code and cell.raw.get("execution_count") is None
    ]
    if never_run:
        said = f"never executed: {', '.join(never_run)}; run `kata build --run`"
        yield Fault(Kind.NOTEBOOK, lesson.slug, said)


def _prove_examples_in_place(course: Course, lesson: Lesson) -> Iterator[Fault]:
    """Each example belongs to one kata, and stands above its stub and no other's."""
    master = course.master(lesson)
    ids = [cell.options["example"] for cell in master.examples]
    for kata_id in dict.fromkeys(ids):
        if ids.count(kata_id) > 1:
            said = f"two examples say `{kata_id}`; keep one, or name another kata"
        elif kata_id == lesson.name:
            if _is_above_all_stubs(master, kata_id):
                continue
            said = "the example that its katas share stands below the first stub"
        elif kata_id not in master.katas:
            said = (
                f"an example says `{kata_id}`, and there is no such kata here. "
                f"{nearest(kata_id, master.katas)}"
            )
        elif master.katas[kata_id].example:
            continue
        else:
            said = (
                f"the example of `{kata_id}` should stand above that kata's task, and "
                "below the kata before it"
            )
        yield Fault(Kind.NOTEBOOK, lesson.slug, said)


def _is_above_all_stubs(master: Notebook, kata_id: str) -> bool:
    rows = [cell.options for cell in master.cells]
    first = next((n for n, row in enumerate(rows) if "kata" in row), len(rows))
    return any(row.get("example") == kata_id for row in rows[:first])


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
