"""`kata build --handouts`: lessons on paper, without answers and with them."""

import re
import sys
from pathlib import Path

import pytest

from kata.course.course import Course
from kata.course.curriculum import Lesson
from kata.site import handouts, lesson_page
from tests.helpers.browser import CHROMIUM
from tests.helpers.cli import Answer, kata
from tests.helpers.paper import MISSING, READER, pages_of
from tests.helpers.places import ROOT, SAMPLE
from tests.helpers.site import copy_of

WHOLE = Course(ROOT)
LESSONS = pytest.mark.parametrize(
    "lesson", WHOLE.curriculum.lessons, ids=lambda one: one.slug
)

LINUX = pytest.mark.skipif(
    sys.platform != "linux", reason="elsewhere a browser is not found by PATH alone"
)


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A copy of the sample course, with the sources of the site."""
    return copy_of(SAMPLE, tmp_path / "course")


def make(course: Path, *words: str, **more: str) -> Answer:
    """Run `kata build --handouts`."""
    command = ("build", "--handouts", *words)
    return kata(*command, cwd=course, KATA_COURSE=str(course), **more)


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is missing: NO PDF was made")
@pytest.mark.skipif(READER is None, reason=MISSING)
def test_one_pdf_has_the_answers_and_the_other_has_none(course: Path) -> None:
    made = make(course, "02")
    assert made.status == 0, made.err
    assert made.out.splitlines() == [
        "build/handouts/02_counting.pdf written",
        "build/handouts/02_counting-answers.pdf written",
    ]
    without, full = (
        pages_of(course / line.split()[0]) for line in made.out.splitlines()
    )
    for pages in (without, full):
        assert "def double(number: int) -> int:" in " ".join(pages)
        assert re.search(rf"1 ?/ ?{len(pages)}\s*$", pages[0]), "no page number"
        assert all(page.strip() for page in pages), "a page is empty"
    assert "return 2 * number" in " ".join(full)
    assert "return 2 * number" not in " ".join(without)
    assert "Hint 1" not in " ".join(without)


@LESSONS
def test_a_handout_needs_no_script_and_nothing_beside_it(lesson: Lesson) -> None:
    page = handouts.document(WHOLE, lesson, answers=True)
    assert "<script" not in page
    assert not re.search(r'\b(src|href)="(?!#|https?:)', page)
    assert "<details" not in page, "paper has nothing to open"


@LESSONS
def test_a_handout_holds_every_kata_and_its_answers_only_if_asked(
    lesson: Lesson,
) -> None:
    plain = handouts.document(WHOLE, lesson, answers=False)
    full = handouts.document(WHOLE, lesson, answers=True)
    _, parts = lesson_page.parts_of(WHOLE, lesson)
    for page in (plain, full):
        assert page.count('class="task"') == len(lesson.katas)
    assert 'class="answer"' not in plain
    assert 'class="hint"' not in plain
    assert full.count('class="answer"') == len(lesson.katas)
    assert full.count('class="hint"') == sum(len(part.hints) for part in parts)


@LINUX
def test_without_a_browser_it_is_said_which_to_install(
    course: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    refused = make(course, PATH=str(tmp_path / "empty"))
    assert refused.status == 2
    said = " ".join(refused.err.split())
    assert "No browser was found that can make a PDF. Install Chromium" in said


@LINUX
def test_a_browser_that_makes_no_pdf_is_quoted(course: Path, tmp_path: Path) -> None:
    fake = tmp_path / "bin" / "chromium"
    fake.parent.mkdir()
    fake.write_text("#!/bin/sh\necho no display >&2\n", encoding="utf-8")
    fake.chmod(0o755)
    refused = make(course, PATH=str(fake.parent))
    assert refused.status == 2
    assert "made no PDF: no display." in " ".join(refused.err.split())


@pytest.mark.parametrize("more", [["--site"], ["--run"], ["--check"]])
def test_handouts_are_made_on_their_own(more: list[str], course: Path) -> None:
    refused = make(course, *more)
    assert refused.status == 2
    assert "nothing else" in refused.err
