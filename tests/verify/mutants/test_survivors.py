"""Recorded survivors: what explains a mutant, what is stale, what is refused."""

import shutil
from pathlib import Path

import pytest

from kata.course.course import Course
from kata.course.curriculum import Lesson
from kata.errors import KataError
from kata.verify.mutants.mutants import Mutant, mutants
from kata.verify.mutants.survivors import Survivor, Triage, known, triage
from tests.helpers.places import ROOT, SAMPLE

REAL = Course(ROOT)
KATA = "greeting.name"
CELL = "#| kata: greeting.name\nLIMIT = f(size=1)\n"
RECORD = """
[["greeting.name"]]
line = 'LIMIT = f(size=1)'
what = '`size=1` became `size=2`'
why = "Nobody promised a size."
"""


@pytest.fixture
def copy(tmp_path: Path) -> Course:
    """A copy of the sample course, to write survivors into."""
    shutil.copytree(SAMPLE, tmp_path / "course")
    (tmp_path / "course" / "tests" / "survivors").mkdir(parents=True)
    return Course(tmp_path / "course")


def record(course: Course, text: str) -> tuple[Survivor, ...]:
    lesson = course.curriculum.lessons[0]
    path = course.root / "tests" / "survivors" / f"{lesson.slug}.toml"
    path.write_text(text, encoding="utf-8")
    return known(course, lesson)


def compare(
    recorded: tuple[Survivor, ...], cell: str, *survived: str, kata: str = KATA
) -> Triage:
    """Compare what is recorded with a cell's mutants, of which some survived."""
    made = [*mutants(cell)]
    left = [one for one in made if one.what in survived]
    return triage(kata, made=made, survived=left, recorded=recorded)


def whats(survived: tuple[Mutant, ...]) -> list[str]:
    return [one.what for one in survived]


def test_a_recorded_survivor_is_explained_and_any_other_is_not(copy: Course) -> None:
    recorded = record(copy, RECORD)
    result = compare(
        recorded, CELL, "`size=1` became `size=2`", "`size=1` became `size=0`"
    )
    [(mutant, entry)] = result.explained
    assert (mutant.what, entry.why) == (
        "`size=1` became `size=2`",
        "Nobody promised a size.",
    )
    assert whats(result.unexplained) == ["`size=1` became `size=0`"]
    assert not result.stale


def test_an_entry_outlives_an_edit_of_other_lines(copy: Course) -> None:
    moved = CELL.replace("\n", "\n\nOTHER = 5\n\n\n", 1)
    result = compare(record(copy, RECORD), moved, "`size=1` became `size=2`")
    assert not result.unexplained
    assert not result.stale


def test_an_entry_is_stale_when_the_checks_refuse_its_change(copy: Course) -> None:
    [stale] = compare(record(copy, RECORD), CELL).stale
    assert stale.survivor.what == "`size=1` became `size=2`"
    assert stale.reason == "the checks refuse it now"


def test_an_entry_is_stale_when_its_line_says_something_else(copy: Course) -> None:
    changed = CELL.replace("LIMIT", "BOUND")
    result = compare(record(copy, RECORD), changed, "`size=1` became `size=2`")
    assert [one.reason for one in result.stale] == ["this change is not made any more"]
    assert whats(result.unexplained) == ["`size=1` became `size=2`"]


def test_an_entry_says_nothing_about_another_kata(copy: Course) -> None:
    what = "`size=1` became `size=2`"
    result = compare(record(copy, RECORD), CELL, what, kata="greeting.hello")
    assert whats(result.unexplained) == [what]
    assert not result.stale


def test_a_lesson_without_a_file_has_no_recorded_survivors(copy: Course) -> None:
    assert known(copy, copy.curriculum.lessons[1]) == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (RECORD.replace("greeting.name", "greeting.nmae"), "lacks a kata of 01_"),
        (RECORD.replace("Nobody promised a size.", " "), "lacks a reason"),
        (RECORD.replace("why", "because"), "can't be read"),
        (RECORD.replace("]]", "]"), "can't be read"),
        (RECORD.replace('"Nobody', "Nobody"), "can't be read"),
    ],
)
def test_a_record_that_explains_nothing_is_refused(
    copy: Course, text: str, said: str
) -> None:
    with pytest.raises(KataError, match=said):
        record(copy, text)


@pytest.mark.parametrize("lesson", REAL.curriculum.lessons, ids=lambda one: one.slug)
def test_every_recorded_survivor_of_the_course_is_still_made(lesson: Lesson) -> None:
    recorded = known(REAL, lesson)
    for kata in lesson.katas:
        made = [*mutants(REAL.cells(kata).reference)]
        assert not triage(kata.id, made=made, survived=made, recorded=recorded).stale
