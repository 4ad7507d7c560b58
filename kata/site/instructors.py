"""What instructors need and the course can tell: schedules, common mistakes."""

from collections.abc import Iterator, Sequence

from kata.course.course import Course
from kata.course.curriculum import Kata, Lesson
from kata.site import behind, lesson_page
from kata.site.markdown import escaped, front_matter, heading, page, quiet_fold, table
from kata.site.schedule import BLOCK, SLACK, TALK, Entry, Plan, Week, plan, term

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
        f"Blocks of {BLOCK} minutes, {SLACK} of which are free: something always takes "
        f"longer. A lesson takes its katas' minutes, and {TALK} to open it and to look "
        "back together. If all katas don't fit, the plan keeps to the core."
    ]
    whole = False
    for title, days in DAYS:
        made = plan(ready, days)
        parts.append(heading(3, title))
        if whole:
            parts.append("All that is ready fits into less; see above.")
            continue
        whole = not made.core_only
        for number, entries in enumerate(made.days(), 1):
            parts.append(f"**Day {number}**" if days > 1 else "")
            parts.append(table(("from", "to", "what"), map(_row, entries)))
        parts.append(_remarks(course, made))
    return page(*parts, heading(3, "A term"), *_term(ready))


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
            name = f"{lesson.number} {escaped(lesson.title)}"
            parts += [heading(2, name, lesson.name), *found]
    return page(*parts)


def _row(entry: Entry) -> tuple[str, str, str]:
    start, end = _clock(entry.start), _clock(entry.end)
    if entry.step is None:
        return start, end, entry.what
    katas = escaped("; ".join(kata.title for kata in entry.step.katas))
    return start, end, f"**{_link(entry.step.lesson)}**: {katas}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _link(lesson: Lesson) -> str:
    name = f"{lesson.number} {escaped(lesson.title)}"
    return f"[{name}]({lesson_page.path_of(lesson)})"


def _term(ready: Sequence[Lesson]) -> Iterator[str]:
    yield (
        f"A lesson a week, {BLOCK} minutes in the room: questions about the last one, "
        "the lesson's core, and a look back. The stretch katas are for home. Where the "
        "core isn't done in time, `kata catch-up` begins the next week from the same "
        "state for everybody."
    )
    rows = [
        (str(week.number), _link(week.lesson), f"{week.core} min", _home(week))
        if week.lesson
        else (str(week.number), "Catch up, and stretch katas together", "", "")
        for week in term(ready)
    ]
    last = (str(len(rows) + 1), "`kata export`: everybody shows their service", "", "")
    yield table(("week", "in the room", "core", "at home"), [*rows, last])


def _home(week: Week) -> str:
    return f"{week.stretch} min" if week.stretch else ""


def _remarks(course: Course, made: Plan) -> str:
    said = []
    if made.core_only:
        said.append("Core katas only; the stretch ones are for those who are fast.")
    if made.later:
        said.append(f"It ends before {_named(course, made.later[0])}.")
    else:
        said.append("Everything that is ready fits.")
    return " ".join(said)


def _named(course: Course, kata: Kata) -> str:
    lesson = course.curriculum.lesson_of(kata)
    where = f"{lesson_page.path_of(lesson)}#{kata.name}"
    return f"[{escaped(kata.title)}]({where}) of lesson {lesson.number}"
