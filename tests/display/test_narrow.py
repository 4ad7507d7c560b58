"""What is shown fits a phone: nothing runs out of its column, in a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from kata.course.course import Course
from kata.display import html
from kata.display.lesson import view
from kata.loop.loop import Loop
from kata.runner.plain import PlainRunner
from kata.verdict import Problem, Rule, Status, Verdict
from kata.workspace import workspace
from tests.helpers.browser import ARGUMENTS, CHROMIUM
from tests.helpers.places import ROOT
from tests.helpers.seen import OPEN_ALL

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="Chromium is missing (Debian: apt-get install chromium)"
)
COLUMN = 262
"""Pixels that JupyterLab leaves for an output on a phone that has 390."""
JSON = '{"detail":[{"type":"missing","loc":["body","username"],"input":null}]}' * 3
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser.new_page(viewport={"width": COLUMN, "height": 800})
        browser.close()


def too_wide(page: Page, shown: str) -> int:
    """Return how many pixels of what is shown lie outside of the column."""
    page.set_content(f"<body style='margin:0;font:14px sans-serif'>{shown}</body>")
    page.evaluate(OPEN_ALL)
    return int(page.evaluate(TOO_WIDE))


def test_a_long_text_without_a_space_is_broken(page: Page) -> None:
    problem = Problem(f"It was answered 422: {JSON}", next_step=JSON, report=JSON)
    rules = (Rule("test_it", f"A rule names `{JSON}`."),)
    verdict = Verdict("a.b", "A", Status.FAILED, "a.py", rules, problem, printed=JSON)
    assert too_wide(page, html.render(verdict)) == 0


def test_the_katas_of_a_lesson_wrap(page: Page, tmp_path: Path) -> None:
    course = Course(ROOT)
    loop = Loop(course, workspace.create(tmp_path, course), PlainRunner())
    for lesson in course.curriculum.lessons:
        assert too_wide(page, view(loop, lesson, []).html()) == 0, lesson.slug
