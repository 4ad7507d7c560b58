"""Schedules for instructors: computed, in order, and never fuller than the day."""

from itertools import pairwise

import pytest

from kata.course.course import Course
from kata.course.curriculum import Kata, Lesson
from kata.site import instructors, lesson_page
from kata.site.schedule import (
    BLOCK,
    SETUP,
    SLACK,
    TALK,
    WEEKS,
    Plan,
    blocks_of,
    plan,
    term,
)
from tests.helpers.places import ROOT, SAMPLE

WHOLE = Course(ROOT)
DAYS = pytest.mark.parametrize("days", [0.5, 1, 2])


def lesson(number: int, *minutes: int, stretch: int = 0) -> Lesson:
    """Make a lesson of core katas with these minutes, and a stretch one at its end."""
    katas = [
        Kata(f"l{number}.k{at}", f"Kata {at}", "a.py", length, core=True)
        for at, length in enumerate(minutes)
    ]
    if stretch:
        katas.append(Kata(f"l{number}.s", "Stretch", "a.py", stretch, core=False))
    return Lesson(f"{number:02}_l{number}", f"Lesson {number}", tuple(katas))


def katas_of(made: Plan) -> list[Kata]:
    return [
        kata for block in made.blocks for step in block.steps for kata in step.katas
    ]


@DAYS
def test_no_block_is_fuller_than_its_time(days: float) -> None:
    made = plan(WHOLE.curriculum.lessons, days)
    for block in made.blocks:
        assert 0 <= block.left <= BLOCK
        for step in block.steps:
            work = sum(kata.minutes for kata in step.katas)
            assert step.minutes - work in {0, TALK}


@DAYS
def test_a_plan_keeps_the_order_and_leaves_out_no_core_kata(days: float) -> None:
    lessons = WHOLE.curriculum.lessons
    made = plan(lessons, days)
    wanted = [
        kata for one in lessons for kata in one.katas if kata.core or not made.core_only
    ]
    assert [*katas_of(made), *made.later] == wanted


def test_days_have_two_blocks_before_noon_and_two_after() -> None:
    assert [one.start for one in blocks_of(0.5)] == [9 * 60, 10 * 60 + 45]
    assert [one.day for one in blocks_of(2)] == [1] * 4 + [2] * 4


@DAYS
def test_a_timetable_has_no_gap_and_says_when_everything_ends(days: float) -> None:
    *full, last = plan(WHOLE.curriculum.lessons, days).days()
    for entries in (*full, last):
        for one, following in pairwise(entries):
            assert one.end == following.start
        assert all(one.start < one.end for one in entries)
    whole = max(one.start + BLOCK for one in blocks_of(days))
    assert whole in {12 * 60 + 15, 16 * 60 + 30}
    assert all(entries[-1].end == whole for entries in full)
    # Nothing may be left to do before the last day's last block.
    assert last[-1].end in {one.start + BLOCK for one in blocks_of(days)}


def test_a_day_has_its_breaks_and_the_first_one_a_set_up() -> None:
    first, second = plan(WHOLE.curriculum.lessons, 2).days()
    assert first[0].what.startswith("Set-up")
    assert first[0].end - first[0].start == SETUP
    assert not any(one.what.startswith("Set-up") for one in second)
    breaks = [one.what for one in first if one.what in {"Break", "Lunch"}]
    assert breaks == ["Break", "Lunch", "Break"]
    # The last day may end before its last block, when nothing is left to do.
    later = [one.what for one in second if one.what in {"Break", "Lunch"}]
    assert later == breaks[: len(later)]


@DAYS
def test_every_block_ends_with_time_that_nothing_is_planned_for(days: float) -> None:
    for entries in plan(WHOLE.curriculum.lessons, days).days():
        free = [one for one in entries if one.what.startswith("Questions")]
        assert free
        assert all(one.end - one.start >= SLACK for one in free)


def test_a_term_has_a_lesson_a_week_and_weeks_to_catch_up() -> None:
    lessons = WHOLE.curriculum.lessons
    weeks = term(lessons)
    assert tuple(one.lesson for one in weeks if one.lesson) == lessons
    assert [one.number for one in weeks] == [*range(1, len(weeks) + 1)]
    for start in range(len(weeks) - WEEKS):
        some = weeks[start : start + WEEKS + 1]
        assert None in {one.lesson for one in some}, "no week to catch up"
    for week in weeks:
        if week.lesson:
            assert week.core + week.stretch == week.lesson.minutes
            assert week.core <= BLOCK - SLACK - TALK


def test_what_fits_is_done_whole() -> None:
    made = plan([lesson(1, 20, 20, stretch=10)], 0.5)
    assert not made.core_only
    assert len(katas_of(made)) == 3


def test_where_all_is_too_much_the_core_comes_first() -> None:
    made = plan([lesson(number, 20, 20, stretch=60) for number in (1, 2)], 0.5)
    assert made.core_only
    assert made.later == ()
    assert len(katas_of(made)) == 4


def test_what_does_not_fit_is_named_and_nothing_after_it_is_done() -> None:
    made = plan([lesson(1, 50), lesson(2, 65), lesson(3, 60), lesson(4, 5)], 0.5)
    assert [kata.id for kata in katas_of(made)] == ["l1.k0", "l2.k0"]
    assert [kata.id for kata in made.later] == ["l3.k0", "l4.k0"]


def test_a_lesson_is_opened_once_though_a_break_parts_it() -> None:
    made = plan([lesson(1, 40, 40, 40)], 0.5)
    assert [step.minutes for block in made.blocks for step in block.steps] == [
        40 + TALK,
        80,
    ]


def test_only_lessons_that_are_ready_are_scheduled() -> None:
    text = instructors.schedules(WHOLE)
    for one in WHOLE.curriculum.lessons:
        ready = not lesson_page.missing(WHOLE, one)
        assert (lesson_page.path_of(one) in text) == ready
    assert [f"### {title}\n" in text for title, _ in instructors.DAYS] == [True] * 3


def test_every_wrong_answer_is_told_as_a_mistake() -> None:
    for course in (WHOLE, Course(SAMPLE)):
        page = instructors.mistakes(course)
        files = [*(course.root / "tests" / "wrong_answers").rglob("*.py")]
        assert files
        assert page.count("\n- ") == len(files)
        assert "#|" not in page
