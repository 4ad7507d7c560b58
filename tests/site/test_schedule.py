"""Schedules for instructors: computed, in order, and never fuller than the day."""

import pytest

from kata.course.course import Course
from kata.course.curriculum import Kata, Lesson
from kata.site import instructors, lesson_page
from kata.site.schedule import BLOCK, TALK, Plan, blocks_of, plan
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
    assert [(one.day, one.start // 60) for one in blocks_of(0.5)] == [(1, 9), (1, 11)]
    assert [one.day for one in blocks_of(2)] == [1] * 4 + [2] * 4


def test_what_fits_is_done_whole() -> None:
    made = plan([lesson(1, 30, 30, stretch=10)], 0.5)
    assert not made.core_only
    assert len(katas_of(made)) == 3
    assert made.left == 2 * BLOCK - 70 - TALK


def test_where_all_is_too_much_the_core_comes_first() -> None:
    made = plan([lesson(number, 30, 30, stretch=60) for number in (1, 2)], 0.5)
    assert made.core_only
    assert made.later == ()
    assert len(katas_of(made)) == 4


def test_what_does_not_fit_is_named_and_nothing_after_it_is_done() -> None:
    made = plan([lesson(1, 60), lesson(2, 75), lesson(3, 60), lesson(4, 5)], 0.5)
    assert [kata.id for kata in katas_of(made)] == ["l1.k0", "l2.k0"]
    assert [kata.id for kata in made.later] == ["l3.k0", "l4.k0"]


def test_a_lesson_is_opened_once_though_a_break_parts_it() -> None:
    made = plan([lesson(1, 40, 40, 40)], 0.5)
    assert [step.minutes for block in made.blocks for step in block.steps] == [
        80 + TALK,
        40,
    ]


def test_only_lessons_that_are_ready_are_scheduled() -> None:
    text = instructors.schedules(WHOLE)
    for one in WHOLE.curriculum.lessons:
        ready = not lesson_page.missing(WHOLE, one)
        assert (lesson_page.path_of(one) in text) == ready
    assert "|   |   |" not in text, "a row without a lesson"
    assert [f"### {title}\n" in text for title, _ in instructors.DAYS] == [True] * 3


def test_every_wrong_answer_is_told_as_a_mistake() -> None:
    for course in (WHOLE, Course(SAMPLE)):
        page = instructors.mistakes(course)
        files = [*(course.root / "tests" / "wrong_answers").rglob("*.py")]
        assert files
        assert page.count("\n    - ") == len(files)
        assert "#|" not in page
