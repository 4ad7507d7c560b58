"""What the reference filled in is given: neither green nor open, until it is solved."""

import re
from pathlib import Path

import pytest

from kata.course.course import Course
from kata.display.lesson import view
from kata.loop.loop import Loop
from kata.progress.progress import Progress
from kata.runner.plain import PlainRunner
from kata.verdict import Status
from kata.workspace.workspace import Workspace, create
from tests.helpers.cli import answer, kata, workspace
from tests.helpers.loop import (
    APP,
    COURSE,
    FILE,
    GREET,
    GREETING,
    HELLO,
    NAME,
    STUB,
    TWICE,
)
from tests.helpers.places import ROOT

RED = GREET.replace("!", "?")


@pytest.fixture(scope="module")
def caught_up(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace in which nobody solved anything; only to be read."""
    place = workspace(tmp_path_factory.mktemp("given") / "my-waybill")
    assert kata("catch-up", "02", cwd=place.root).status == 0
    return place


def test_the_map_shows_what_was_filled_in_as_given_and_not_as_done(
    caught_up: Workspace,
) -> None:
    shown = kata("--all", cwd=caught_up.root).out
    assert re.search(r"01_greeting +2 of 2 given", shown)
    for one in (NAME, HELLO):
        assert re.search(rf"given +{re.escape(one.id)}", shown)
    assert "passed" not in shown
    assert "done" not in shown
    assert "1 of 3 katas left, 2 min;" in shown
    assert "2 katas are given: the reference stands in for your own answer." in shown
    assert "Next: counting.double" in shown


def test_the_lesson_shows_it_as_given_too(caught_up: Workspace) -> None:
    shown = view(Loop(COURSE, caught_up, PlainRunner()), GREETING, []).text()
    assert re.search(rf"given +{re.escape(NAME.id)}", shown)
    assert "Every kata here is green or given." in shown


def test_a_check_of_it_says_so_and_it_stays_given(caught_up: Workspace) -> None:
    shown = kata("check", "01", cwd=caught_up.root)
    assert shown.status == 0
    assert f"GIVEN: {NAME.id}, all 2 rules hold" in shown.out
    assert "counts as given until an answer of your own passes" in " ".join(
        shown.out.split()
    )
    assert shown.out.endswith("0 of 2 katas are green; 2 are given.\n")
    assert re.search(r"2 of 2 given", kata(cwd=caught_up.root).out)
    assert re.search(
        r"reference +given", kata("history", NAME.id, cwd=caught_up.root).out
    )


def test_it_blocks_no_later_kata_and_running_all_leaves_it(tmp_path: Path) -> None:
    place = workspace(tmp_path / "place")
    kata("catch-up", "02", cwd=place.root)
    assert answer(place, TWICE).status is Status.PASSED
    before = place.read(FILE)
    assert answer(place, STUB).status is Status.GIVEN
    assert place.read(FILE) == before
    assert "Every kata is green or given." in kata(cwd=place.root).out


def test_an_answer_of_one_s_own_makes_it_green(tmp_path: Path) -> None:
    place = workspace(tmp_path / "place")
    kata("catch-up", "02", cwd=place.root)
    assert answer(place, RED).status is Status.FAILED
    assert re.search(rf"not yet +{re.escape(NAME.id)}", kata(cwd=place.root).out)
    assert answer(place, GREET).status is Status.PASSED
    shown = kata("--all", cwd=place.root).out
    assert re.search(rf"passed +{re.escape(NAME.id)}", shown)
    assert re.search(r"01_greeting +1 of 2 given", shown)


def test_one_kata_can_be_given_and_what_stood_there_can_come_back(
    place: Workspace,
) -> None:
    answer(place, RED)
    shown = kata("give", NAME.id, cwd=place.root)
    assert shown.status == 0
    assert f"{NAME.id} is given: {FILE} holds the reference." in shown.out
    assert "What was there is attempt 1" in shown.out
    assert 'f"Hello, {name}!"' in (place.read(FILE) or "")
    assert answer(place, APP).status is Status.PASSED
    again = kata("history", NAME.id, "--restore", "1", cwd=place.root)
    assert "NOT YET" in again.out
    assert 'f"Hello, {name}?"' in (place.read(FILE) or "")


def test_what_was_changed_in_an_editor_is_kept_before_it_is_given(
    place: Workspace,
) -> None:
    answer(place, RED)
    text = place.read(FILE) or ""
    place.write(FILE, text.replace("Hello", "Hullo"))
    kata("give", NAME.id, cwd=place.root)
    sources = [one.source for one in Progress(place.progress_path).history(NAME.id)]
    assert "Hullo" in sources[1]


def test_a_green_answer_is_not_taken_away(place: Workspace) -> None:
    answer(place, GREET)
    shown = kata("give", NAME.id, cwd=place.root)
    assert shown.status == 2
    assert "is green already" in shown.err
    assert kata("give", "greeting.nmae", cwd=place.root).status == 2


def test_an_older_workspace_learns_what_was_given(place: Workspace) -> None:
    import sqlite3

    kata("catch-up", "02", cwd=place.root)
    answer(place, APP)
    with sqlite3.connect(place.progress_path) as db:
        # As a version of the engine left it that took the reference for a pass.
        db.execute("UPDATE regions SET status = 'passed'")
        db.execute("UPDATE attempts SET status = 'passed'")
        db.execute("PRAGMA user_version = 1")
    db.close()
    shown = kata("--all", cwd=place.root).out
    assert re.search(rf"given +{re.escape(NAME.id)}", shown)
    assert re.search(rf"passed +{re.escape(HELLO.id)}", shown)


def test_what_a_given_kata_uses_of_earlier_ones_is_given_with_it(
    tmp_path: Path,
) -> None:
    place = create(tmp_path / "place", Course(ROOT))
    said = kata("give", "models.scan_create", cwd=place.root, KATA_COURSE=str(ROOT)).out
    assert "models.scan_create uses models.text_line, models.postcode," in " ".join(
        said.split()
    )
    models = Course(ROOT).curriculum.lesson("models").katas
    statuses = Loop(Course(ROOT), place, PlainRunner()).statuses(models)
    given = {name for name, status in statuses.items() if status is Status.GIVEN}
    assert given >= {"models.scan_create", "models.pickup_window"}
    assert "models.parcel_update" not in given
