"""`kata update` where a note is missing, a file is bad, or something went wrong."""

from pathlib import Path

import pytest

from kata.progress.progress import Progress
from kata.verdict import Status
from tests.helpers.cli import answer, kata
from tests.helpers.loop import GREET, NAME, STUB
from tests.helpers.update import (
    FIRST,
    NEW_STUB,
    SECOND,
    UP_TO_DATE,
    Desk,
    new_cell,
    said,
)


def test_killed_before_it_noted_what_it_gave_it_goes_on_the_next_time(
    desk: Desk,
) -> None:
    given = desk.place.root / ".kata" / "given" / FIRST
    before = given.read_bytes()
    desk.lesson.write("name-stub", NEW_STUB)
    desk.lesson.remove("close")
    desk.update("--yes")
    given.write_bytes(before)
    first = desk.contents()[FIRST]
    assert desk.update("--yes").status == 0
    assert desk.contents()[FIRST] == first
    assert desk.update().out == UP_TO_DATE


# What follows is about workspaces that `kata start` made before it noted what it gave.


def test_without_a_note_code_is_the_learner_s_and_prose_the_course_s(
    desk: Desk,
) -> None:
    desk.forget_what_was_given()
    desk.mine.write("name-stub", GREET)
    desk.mine.insert("name-stub", new_cell("mine", "# Notes", "markdown"))
    desk.mine.write("intro", "# An older text")
    desk.lesson.remove("close")
    desk.lesson.write("name-demo", "greet('you')")
    shown = desk.update("--yes")
    assert "your code stays as it is" in said(shown)
    assert desk.mine.source("name-stub") == GREET
    assert desk.mine.source("intro") == desk.lesson.source("intro")
    assert "you" not in desk.mine.source("name-demo")
    assert {"mine", "close"} <= {*desk.mine.ids}
    assert desk.update().out == UP_TO_DATE


def test_without_a_note_history_tells_a_stub_from_the_learner_s_code(
    desk: Desk,
) -> None:
    answer(desk.place, STUB)
    (attempt,) = Progress(desk.place.progress_path).history(NAME.id)
    assert attempt.status is Status.UNTOUCHED
    desk.forget_what_was_given()
    desk.lesson.write("name-stub", NEW_STUB)
    desk.update("--yes")
    assert desk.mine.source("name-stub") == NEW_STUB


def test_a_notebook_that_lost_its_ids_is_the_same_notebook(desk: Desk) -> None:
    desk.mine.write("name-stub", GREET)
    desk.mine.change(lambda cells: [cell.pop("id") for cell in cells])
    desk.lesson.write("close", "Done!")
    desk.lesson.insert("name-demo", new_cell("more", "Look again.", "markdown"))
    desk.update("--yes")
    sources = ["".join(cell["source"]) for cell in desk.mine.raw["cells"]]
    assert sources.count(GREET) == 1
    assert "Look again." in sources
    assert STUB not in sources


# What can't be read.


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("not JSON", "is not a notebook"),
        ('{"cells": 1}', "is not a notebook"),
        ('{"cells": [{"cell_type": "code"}]}', "is not a notebook"),
        ("<<<<<<< mine\n=======\n>>>>>>> theirs\n", "an unfinished merge"),
    ],
)
def test_a_bad_notebook_is_named_and_left_alone_and_the_others_updated(
    text: str, reason: str, desk: Desk
) -> None:
    bad = desk.place.root / SECOND
    bad.write_text(text, encoding="utf-8")
    desk.lesson.write("intro", "# Mended")
    shown = desk.update("--yes")
    assert shown.status == 2
    assert f"Left alone: {SECOND}" in shown.err
    assert reason in said(shown)
    assert bad.read_text(encoding="utf-8") == text
    assert desk.mine.source("intro") == "# Mended"
    again = desk.update("--yes")
    assert (again.status, again.out) == (2, "The other notebooks are up to date.\n")


def test_a_workspace_of_a_newer_course_is_refused_and_stays(desk: Desk) -> None:
    (desk.place.root / ".kata" / "version").write_text("999.1\n", encoding="utf-8")
    desk.lesson.write("intro", "# Mended")
    before = desk.contents()
    shown = desk.update("--yes")
    assert shown.status == 2
    assert "version 999.1" in said(shown)
    kata("start", "--no-server", cwd=desk.place.root)
    assert desk.contents()[".kata/version"] == before[".kata/version"]
    assert desk.contents()[FIRST] == before[FIRST]


def test_without_a_workspace_it_says_how_to_make_one(tmp_path: Path) -> None:
    shown = kata("update", cwd=tmp_path)
    assert shown.status == 2
    assert "`kata start` makes one" in said(shown)


def test_a_notebook_that_can_not_be_kept_is_not_written(desk: Desk) -> None:
    (desk.place.root / ".kata" / "backup").write_text("in the way", encoding="utf-8")
    desk.lesson.write("intro", "# Mended")
    before = desk.contents()
    shown = desk.update("--yes")
    assert shown.status == 2
    assert "can't be kept" in said(shown)
    assert desk.contents() == before


def test_starting_again_does_not_take_a_newer_lesson_for_the_one_given(
    desk: Desk,
) -> None:
    desk.lesson.write("name-stub", NEW_STUB)
    kata("start", "--no-server", cwd=desk.place.root, KATA_COURSE=str(desk.course))
    desk.update("--yes")
    assert desk.mine.source("name-stub") == NEW_STUB
