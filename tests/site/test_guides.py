"""The page on copied guides: every pattern has a kata that proves it."""

import re
import shutil
from importlib.metadata import version
from pathlib import Path

import pytest

from kata.course.course import Course
from kata.errors import KataError
from kata.site import guides
from kata.site.guides import Pattern
from tests.helpers.places import ROOT

COURSE = Course(ROOT)
PATTERNS = guides.load(ROOT)
LONGEST_HARM = 30
"""Words."""


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda one: one.pattern)
def test_a_pattern_has_a_kata_whose_checks_refuse_it(pattern: Pattern) -> None:
    kata = COURSE.curriculum.kata(pattern.kata)
    source = guides.proof_of(COURSE, pattern, kata)
    assert source.startswith(f"#| kata: {kata.id}\n")


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda one: one.pattern)
def test_the_harm_is_told_in_a_sentence(pattern: Pattern) -> None:
    assert pattern.harm.endswith(".")
    assert ". " not in pattern.harm
    assert len(pattern.harm.split()) <= LONGEST_HARM


def test_every_kata_that_is_a_fix_is_on_the_page() -> None:
    missing = [*guides.unlisted(COURSE)]
    assert not missing, (
        f"Say in {guides.DATA} which copied pattern these mend: {missing}"
    )


def test_the_page_names_the_versions_that_are_installed() -> None:
    page = (ROOT / "site" / "copied-guides.md").read_text(encoding="utf-8")
    named = re.findall(r"(FastAPI|Pydantic|SQLAlchemy|httpx)\s+(\d+\.\d+)", page)
    assert len(named) == 4
    for package, number in named:
        assert version(package).startswith(f"{number}."), package


def test_no_pattern_stands_twice() -> None:
    assert len({one.pattern for one in PATTERNS}) == len(PATTERNS)
    assert len({(one.kata, one.proof) for one in PATTERNS}) == len(PATTERNS)


def test_the_page_shows_the_patterns_of_finished_katas() -> None:
    page = guides.render(COURSE)
    for pattern in PATTERNS:
        kata = COURSE.curriculum.kata(pattern.kata)
        shown = COURSE.checks_path(kata).exists()
        assert (f"### {pattern.pattern}\n" in page) == shown
        slug = COURSE.curriculum.lesson_of(kata).slug
        assert (f"(lessons/{slug}.md#{kata.name})" in page) or not shown


def test_a_wrong_answer_that_is_gone_is_named(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    shutil.copy(ROOT / guides.DATA, tmp_path / guides.DATA)
    kata = COURSE.curriculum.kata("models.address")
    gone = Pattern("A pattern", "Harm.", "Another.", kata.id, "no_such_answer")
    with pytest.raises(KataError, match="has no wrong answer `no_such_answer`"):
        guides.proof_of(COURSE, gone, kata)
    (tmp_path / guides.DATA).write_text("[[patterns]]\nharm = 1", encoding="utf-8")
    with pytest.raises(KataError, match="can't be read"):
        guides.load(tmp_path)
