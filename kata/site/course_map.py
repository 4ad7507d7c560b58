"""The map of the course: parts, lessons, minutes, and the list of all pages."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from kata.course.course import Course
from kata.course.curriculum import Kata, Lesson
from kata.site import behind, instructors, lesson_page, service
from kata.site.markdown import escaped, page, table

Entry = Mapping[str, "str | list[Entry]"]
PAGES: tuple[Entry, ...] = (
    {"Topics": "topics.md"},
    {"Copied guides": "copied-guides.md"},
    {
        "More": [
            {"For instructors": "instructors.md"},
            {"For authors": "authors.md"},
        ]
    },
)
"""What comes after lessons and service."""


def render(course: Course) -> str:
    """Return the map as a part of the home page."""
    rows: list[tuple[str, ...]] = []
    for part in course.curriculum.parts:
        rows.append((f"**{escaped(part.title)}**", "", "", ""))
        rows += [_row(course, lesson) for lesson in part.lessons]
    return page(table(("lesson", "the app cannot yet …", "katas", "core"), rows))


def size(course: Course) -> str:
    """Return how much there is and how long it takes, in a line."""
    katas = course.curriculum.katas
    return page(
        f"**{len(course.curriculum.lessons)} lessons, {len(katas)} katas:** "
        f"{_hours(sum(kata.minutes for kata in katas))} for all, "
        f"{_hours(core_minutes(katas))} for the core. [The map](#the-map) has them."
    )


def _row(course: Course, lesson: Lesson) -> tuple[str, ...]:
    where = lesson_page.path_of(lesson)
    name = f"{lesson.number} {escaped(lesson.title)}"
    unready = ", being written" if lesson_page.missing(course, lesson) else ""
    return (
        f"[{name}]({where}){unready}",
        escaped(lesson.cannot),
        str(len(lesson.katas)),
        f"{core_minutes(lesson.katas)} min",
    )


def _hours(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if hours else f"{rest} min"


def core_minutes(katas: Iterable[Kata]) -> int:
    """Return the minutes of the katas that nobody should leave out."""
    return sum(kata.minutes for kata in katas if kata.core)


def navigation(
    course: Course, pages: Collection[str], scripts: Sequence[str] = ()
) -> str:
    """Return the list of all pages and their scripts, as mkdocs.yml takes it in."""
    entries = [
        {"Home": "index.md"},
        {
            "Lessons": [
                {
                    part.title: [
                        {f"{one.number} {one.title}": lesson_page.path_of(one)}
                        for one in part.lessons
                    ]
                }
                for part in course.curriculum.parts
            ]
        },
        {"The service": [*_service(course, pages)]},
        {"Behind the katas": [*_behind(course, pages)]},
        *PAGES,
    ]
    # JSON is YAML, and it quotes what YAML would read as something else.
    listed = json.dumps({"nav": entries, "extra_javascript": [*scripts]}, indent=1)
    return f"# Derived by `kata build --site`.\n{listed}\n"


def _behind(course: Course, pages: Iterable[str]) -> Iterator[Entry]:
    yield {"Common mistakes": instructors.MISTAKES}
    there = {*pages}
    for lesson in course.curriculum.lessons:
        found: list[Entry] = [
            {kata.title: path}
            for kata in lesson.katas
            if (path := behind.path_of(lesson, kata)) in there
        ]
        if found:
            yield {f"{lesson.number} {lesson.title}": found}


def _service(course: Course, pages: Iterable[str]) -> Iterator[Entry]:
    texts = {service.path_of(file): file for file in course.curriculum.texts}
    yield {"Overview": service.INDEX}
    yield {"Its API": service.API}
    for path in pages:
        if path.startswith("service/") and path not in {service.INDEX, service.API}:
            code = path.removeprefix("service/").replace(".md", ".py")
            yield {texts.get(path, code): path}
