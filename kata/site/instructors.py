"""What instructors need and the course can tell: schedules, common mistakes."""

from kata.course.course import Course
from kata.course.curriculum import Kata
from kata.site import behind, lesson_page
from kata.site.markdown import escaped, front_matter, heading, page, quiet_fold, table
from kata.site.schedule import BLOCK, TALK, Block, Plan, plan

MISTAKES = "behind/mistakes.md"
DAYS = (("Half a day", 0.5), ("One day", 1), ("Two days", 2))


def schedules(course: Course) -> str:
    """Return a schedule for each length, of the lessons that are ready."""
    ready = [
        lesson
        for lesson in course.curriculum.lessons
        if not lesson_page.missing(course, lesson)
    ]
    parts = [
        f"Blocks of {BLOCK} minutes. A lesson takes its katas' minutes, and {TALK} to "
        "open it and to look back together. If all katas don't fit, the plan keeps to "
        "the core."
    ]
    whole = False
    for title, days in DAYS:
        made = plan(ready, days)
        parts.append(heading(3, title))
        if whole:
            parts.append("All that is ready fits into less; see above.")
            continue
        whole = not made.core_only
        rows = [row for block in made.blocks for row in _rows(block, days)]
        parts.append(table(("from", "lesson", "katas", "minutes"), rows))
        parts.append(_remarks(course, made))
    return page(*parts)


def mistakes(course: Course) -> str:
    """Return the page with the mistakes of every kata."""
    parts = [
        front_matter(title="Common mistakes", search="{exclude: true}"),
        heading(1, "Common mistakes"),
        "What people write before they get it right, kata by kata. Every one of these "
        "answers is run by the course's own tests, and refused.",
    ]
    for lesson in course.curriculum.lessons:
        found = [
            quiet_fold(
                "code",
                f"{kata.title}: {len(wrong)}",
                "\n".join(f"- {escaped(one)}" for one in wrong),
            )
            for kata in lesson.katas
            if (wrong := behind.mistakes(course, kata))
        ]
        if found:
            name = f"{lesson_page.number(lesson)} {escaped(lesson.title)}"
            parts += [heading(2, name, lesson.name), *found]
    return page(*parts)


def _rows(block: Block, days: float) -> list[tuple[str, ...]]:
    clock = f"{block.start // 60:02}:{block.start % 60:02}"
    start = f"day {block.day}, {clock}" if days > 1 else clock
    return [
        (
            "" if at else start,
            f"[{lesson_page.number(step.lesson)} {escaped(step.lesson.title)}]"
            f"({lesson_page.path_of(step.lesson)})",
            escaped("; ".join(kata.title for kata in step.katas)),
            str(step.minutes),
        )
        for at, step in enumerate(block.steps)
    ]


def _remarks(course: Course, made: Plan) -> str:
    said = []
    if made.core_only:
        said.append("Core katas only; the stretch ones are for those who are fast.")
    if made.later:
        said.append(f"It ends before {_named(course, made.later[0])}.")
    elif made.left:
        said.append(f"{made.left} minutes stay free.")
    return " ".join(said)


def _named(course: Course, kata: Kata) -> str:
    lesson = course.curriculum.lesson_of(kata)
    where = f"{lesson_page.path_of(lesson)}#{kata.name}"
    return f"[{escaped(kata.title)}]({where}) of lesson {lesson_page.number(lesson)}"
