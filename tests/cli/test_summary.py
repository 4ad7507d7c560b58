"""`kata summary`: what was built, in the learner's own numbers."""

from pathlib import Path

from kata.course.course import Course
from kata.workspace.workspace import Workspace, create
from tests.helpers.cli import answer, kata, too_wide
from tests.helpers.loop import APP, GREET, TWICE
from tests.helpers.places import ROOT


def test_a_beginner_is_told_where_to_begin(place: Workspace) -> None:
    shown = kata("summary", cwd=place.root)
    assert shown.status == 0
    assert "The core of no lesson is done yet." in shown.out
    assert "You have not tried an answer yet." in shown.out
    assert "`kata` shows the next step." in shown.out


def test_it_says_what_waybill_can_do_and_what_was_done_for_it(
    place: Workspace,
) -> None:
    answer(place, GREET.replace("{name}", "you"))
    for cell in (GREET, APP, TWICE):
        answer(place, cell)
    kata("hint", "greeting.name", cwd=place.root)
    shown = kata("summary", cwd=place.root).out
    assert "Your Waybill can now" in shown
    assert "  01  " in shown
    assert "3 katas solved by you, 2 at the first attempt." in shown
    assert "4 attempts on 1 day, and 1 hint read." in shown
    assert "`kata export" in shown
    assert too_wide(shown) == []


def test_what_was_given_is_not_called_solved(place: Workspace) -> None:
    kata("catch-up", "02", cwd=place.root)
    shown = kata("summary", cwd=place.root).out
    assert "0 katas solved by you; 2 given; 1 left." in shown


def test_without_a_workspace_it_says_how_to_make_one(tmp_path: Path) -> None:
    shown = kata("summary", cwd=tmp_path)
    assert shown.status == 2
    assert "kata start" in shown.err


def test_the_whole_course_fits_80_columns(tmp_path: Path) -> None:
    place, course = (
        create(tmp_path / "my-waybill", Course(ROOT)),
        {"KATA_COURSE": str(ROOT)},
    )
    kata("catch-up", "10", cwd=place.root, **course)
    shown = kata("summary", cwd=place.root, **course).out
    assert "  01  answer anyone" in shown
    assert too_wide(shown) == []
