"""The finished service, file by file, each region with the kata it comes from."""

from collections.abc import Mapping
from pathlib import PurePosixPath

from kata.course.course import Course
from kata.course.curriculum import Kata
from kata.site import lesson_page
from kata.site.markdown import escaped, fence, front_matter, heading, page, table
from kata.source.file import parse_file
from kata.source.plain_text import is_python

INDEX = "service/index.md"
API = "service/api.md"
LANGUAGES = {"Dockerfile": "docker", ".json": "json", ".sh": "bash", ".toml": "toml"}
LANGUAGES |= {".yaml": "yaml", ".yml": "yaml"}
"""How code is coloured that is no Python, by a file's name or how that ends."""


def path_of(file: str) -> str:
    """Return where the page of a file of the service stands."""
    return f"service/{file.removesuffix('.py')}.md"


def pages(course: Course, files: Mapping[str, str]) -> dict[str, str]:
    """Return the page of each file that katas write, and the one that lists them."""
    regions = course.curriculum.regions
    written = {file: text for file, text in files.items() if regions(file, text)}
    found = {path_of(file): _file(course, file, text) for file, text in written.items()}
    return {INDEX: _index(course, files)} | found


def _index(course: Course, files: Mapping[str, str]) -> str:
    rows = []
    for file, text in files.items():
        regions = course.curriculum.regions(file, text)
        lessons = dict.fromkeys(
            course.curriculum.lesson_of(course.curriculum.kata(one)) for one in regions
        )
        rows.append(
            (
                f"[`{file}`]({path_of(file).partition('/')[2]})"
                if regions
                else f"`{file}`",
                escaped(course.curriculum.files.get(file, "")),
                ", ".join(
                    f"[{one.number}](../{lesson_page.path_of(one)})" for one in lessons
                ),
            )
        )
    lines = sum(len(text.splitlines()) for text in files.values())
    return page(
        heading(1, "The finished service"),
        f"This is what you own at the end: {len(files)} files, {lines} lines, in one "
        "package. Each piece of it is the answer to a kata, and leads back to it.",
        f"[Its API]({API.partition('/')[2]}) has a page of its own: what it takes, "
        "what it answers.",
        table(("file", "what it is", "lesson"), rows),
    )


def _file(course: Course, file: str, text: str) -> str:
    parts = [
        # It is made of solutions: whoever searches should meet the lessons first.
        front_matter(search="{boost: 0.0005}"),
        heading(1, f"`{file}`"),
    ]
    language = _language(file)
    regions = course.curriculum.regions(file, text)
    if is_python(file):
        start = text.index("# kata: ")
        parts.append(fence(text[:start]) if text[:start].strip() else "")
        regions = parse_file(text, file).regions
    for kata_id, region in regions.items():
        kata = course.curriculum.kata(kata_id)
        parts += [
            heading(2, escaped(kata.title), kata_id.replace(".", "-")),
            f"From {_link(course, kata, file)}.",
            fence(region, language),
        ]
    return page(*parts)


def _language(file: str) -> str:
    if is_python(file):
        return "python"
    path = PurePosixPath(file)
    return LANGUAGES.get(path.name) or LANGUAGES.get(path.suffix, "text")


def _link(course: Course, kata: Kata, file: str) -> str:
    lesson = course.curriculum.lesson_of(kata)
    up = "../" * path_of(file).count("/")
    where = f"{up}{lesson_page.path_of(lesson)}#{kata.name}"
    return f"[`{kata.id}`]({where}), lesson {lesson.number}"
