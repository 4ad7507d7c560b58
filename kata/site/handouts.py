"""Lessons on paper: a PDF of each without answers, and one with them."""

import html
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from kata.course.course import Course
from kata.course.curriculum import Lesson
from kata.errors import KataError
from kata.site import lesson_page
from kata.site.markdown import block, heading, page
from kata.site.sections import Section

FOLDER = "build/handouts"
STYLE = "site/theme/handout.css"
BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "chrome",
    "msedge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
"""What can make a PDF of a page, by its usual names."""
PATIENCE = 120
"""Seconds that a browser may take for one PDF."""
EXTENSIONS = [
    "attr_list",
    "md_in_html",
    "sane_lists",
    "tables",
    "pymdownx.highlight",
    "pymdownx.superfences",
]
PAGE_LINK = re.compile(r"\[([^\]]+)\]\([^)\s:]+\.md(?:#[^)]*)?\)")
"""A link to another page of the site: paper has none."""
LONG = 28
"""Lines of code from which on a block may run over the end of a page."""
CODE = re.compile(r'<div class="([^"]*\bhighlight)">(.*?)</div>', re.DOTALL)


def make(course: Course, lesson: Lesson) -> Iterator[Path]:
    """Make both handouts of a lesson, and yield where each of them stands."""
    folder = course.root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    browser = _browser()
    for ending, answers in (("", False), ("-answers", True)):
        target = folder / f"{lesson.slug}{ending}.pdf"
        _print(browser, document(course, lesson, answers=answers), target)
        yield target


def document(course: Course, lesson: Lesson, *, answers: bool) -> str:
    """Return a lesson as one page of HTML that needs nothing beside it."""
    try:
        from markdown import markdown  # type: ignore[import-untyped]
    except ImportError:
        raise KataError(
            "Markdown is not installed.",
            "Install what authors need: `pip install -e '.[dev]'`, or use `uv run`.",
        ) from None
    style = course.root / STYLE
    if not style.exists():
        raise KataError(
            f"There is no {STYLE} in {course.root}: this course has no site.",
            "Make handouts in a clone.",
        )
    text = PAGE_LINK.sub(r"\1", _text(course, lesson, answers=answers))
    body = CODE.sub(_length, markdown(text, extensions=EXTENSIONS))
    foot = f"{course.curriculum.title} · {lesson.number} {lesson.title}"
    title = html.escape(f"{foot}{', with answers' if answers else ''}", quote=False)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
        f"<style>{style.read_text(encoding='utf-8')}</style>"
        f'<p class="foot">{title}</p>{body}</html>'
    )


def _text(course: Course, lesson: Lesson, *, answers: bool) -> str:
    opening, parts = lesson_page.parts_of(course, lesson)
    return page(
        lesson_page.prose(opening.source),
        lesson_page.glance(course, lesson),
        *(_section(course, lesson, part, answers=answers) for part in parts),
    )


def _section(course: Course, lesson: Lesson, part: Section, *, answers: bool) -> str:
    if part.kata is None:
        return page(*lesson_page.shown_cells(lesson, part.cells))
    title, rest = lesson_page.title_of(part, part.kata)
    at = f"Kata {lesson.katas.index(part.kata) + 1} of {len(lesson.katas)}"
    eyebrow = f"{at} · {lesson_page.kind(course, part.kata)} · {part.kata.minutes} min"
    inside = [
        block("p", eyebrow, class_="eyebrow"),
        heading(2, title, part.kata.name),
        lesson_page.prose(rest) if part.above else "",
        *lesson_page.shown_cells(lesson, part.above[1:]),
        lesson_page.task(lesson, part, verdict=False),
        *(_answers(lesson, part) if answers else ()),
        *lesson_page.shown_cells(lesson, part.below),
    ]
    return block("section", page(*inside), class_="kata")


def _answers(lesson: Lesson, part: Section) -> Iterator[str]:
    for title, said in lesson_page.hints(part):
        yield block("div", page(f"**{title}**", said), class_="hint")
    yield block("div", lesson_page.answer(lesson, part, verdict=False), class_="answer")


def _length(found: re.Match[str]) -> str:
    """Return a block of code, with a class of its own if it may be parted."""
    kind, inside = found.groups()
    named = f"{kind} long" if inside.count("\n") > LONG else kind
    return f'<div class="{named}">{inside}</div>'


def _browser() -> str:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        raise KataError(
            "No browser was found that can make a PDF.",
            "Install Chromium, Google Chrome or Microsoft Edge. (Debian and Ubuntu: "
            "`apt-get install chromium`.)",
        )
    return found


def _print(browser: str, text: str, target: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source, made = Path(folder, "handout.html"), Path(folder, "handout.pdf")
        source.write_text(text, encoding="utf-8")
        command = [
            browser,
            "--headless",
            "--disable-gpu",
            "--no-pdf-header-footer",
            f"--user-data-dir={folder}/profile",
            f"--print-to-pdf={made}",
            # A browser refuses to be root in its own sandbox; the page is our own.
            *(["--no-sandbox"] if _is_root() else []),
            source.as_uri(),
        ]
        try:
            done = subprocess.run(  # noqa: S603 - a browser, on a page of the course
                command,
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                timeout=PATIENCE,
                check=False,
            )
            said = done.stderr.strip().splitlines()[-1:] or ["it said nothing"]
        except subprocess.TimeoutExpired:
            said = [f"it took more than {PATIENCE} seconds"]
        if not made.exists():
            raise KataError(
                f"{browser} made no PDF: {said[0]}.",
                "Start it once by hand, then try again.",
            )
        shutil.move(made, target)


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0
