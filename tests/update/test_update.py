"""`kata update`: what the course changed comes in, what the learner wrote stays."""

import re
import sys

import pytest

from tests.helpers.cli import answer, kata
from tests.helpers.loop import GREET, STUB
from tests.helpers.places import SAMPLE
from tests.helpers.update import (
    FIRST,
    NEW_STUB,
    OUTPUT,
    SECOND,
    UP_TO_DATE,
    Desk,
    Pages,
    new_cell,
    said,
)


def test_what_the_learner_never_touched_comes_from_the_new_lesson(desk: Desk) -> None:
    desk.lesson.write("intro", "# Greeting\n\nMended.")
    desk.lesson.write("name-stub", NEW_STUB)
    shown = desk.update("--yes")
    assert shown.status == 0
    assert "as in the course now: “Greeting”, greeting.name" in said(shown)
    assert desk.mine.raw == desk.lesson.raw
    assert (desk.place.root / SECOND).read_bytes() == (
        SAMPLE / "lessons" / SECOND
    ).read_bytes()


def test_code_that_the_learner_changed_stays_with_its_outputs(desk: Desk) -> None:
    desk.mine.write("name-stub", GREET, outputs=[OUTPUT], execution_count=7)
    desk.mine.write("name-demo", "greet('me')", outputs=[OUTPUT])
    before = [desk.mine.cell("name-stub"), desk.mine.cell("name-demo")]
    desk.lesson.write("intro", "# Mended")
    shown = desk.update("--yes")
    assert "yours stays" not in said(shown)
    assert [desk.mine.cell("name-stub"), desk.mine.cell("name-demo")] == before
    assert desk.mine.source("intro") == "# Mended"


def test_a_cell_that_both_changed_stays_the_learner_s_and_is_named_once(
    desk: Desk,
) -> None:
    desk.mine.write("name-stub", GREET)
    desk.lesson.write("name-stub", NEW_STUB)
    shown = desk.update("--yes")
    assert "yours stays, though the course changed or dropped it: greeting.name" in (
        said(shown)
    )
    assert desk.mine.source("name-stub") == GREET
    assert not (desk.place.root / ".kata" / "backup").exists()  # nothing was written
    given = Pages(desk.place.root / ".kata" / "given" / FIRST)
    assert given.source("name-stub") == NEW_STUB
    assert desk.update("--yes").out == UP_TO_DATE


def test_outputs_of_a_cell_that_nobody_changed_stay(desk: Desk) -> None:
    source = desk.mine.source("name-demo")
    desk.mine.write("name-demo", f"{source}\n", outputs=[OUTPUT], execution_count=3)
    desk.lesson.write("intro", "# Mended")
    desk.update("--yes")
    assert desk.mine.cell("name-demo")["outputs"] == [OUTPUT]


def test_what_the_learner_added_stays_behind_its_neighbour(desk: Desk) -> None:
    desk.mine.insert("name-stub", new_cell("mine-2", "x = 2"))
    desk.mine.insert("name-stub", new_cell("mine-1", "# Notes", "markdown"))
    desk.mine.change(lambda cells: cells.insert(0, new_cell("mine-0", "x = 0")))
    desk.mine.insert("close", new_cell("mine-3", "x = 3"))
    desk.lesson.insert("name-stub", new_cell("more", "Look again.", "markdown"))
    desk.lesson.remove("close")
    desk.update("--yes")
    assert desk.mine.ids == [
        *("mine-0", "intro", "start", "name-brief", "name-stub", "mine-1", "mine-2"),
        *("more", "name-demo", "hello-brief", "hello-stub", "hello-demo", "mine-3"),
    ]


def test_a_new_kata_comes_in_at_its_place(desk: Desk) -> None:
    desk.lesson.insert("name-demo", new_cell("bye-stub", "#| kata: greeting.bye\n..."))
    desk.lesson.insert("name-demo", new_cell("bye-brief", "## Bye", "markdown"))
    shown = desk.update("--yes")
    assert "new: “Bye”, greeting.bye" in said(shown)
    assert desk.mine.ids == desk.lesson.ids


def test_what_the_course_dropped_goes_unless_the_learner_changed_it(
    desk: Desk,
) -> None:
    desk.mine.write("hello-demo", "mine = 1")
    for name in ("name-demo", "hello-demo"):
        desk.lesson.remove(name)
    shown = desk.update("--yes")
    assert "removed: the demo of greeting.name" in said(shown)
    assert "“mine = 1”" in said(shown)
    assert "name-demo" not in desk.mine.ids
    assert desk.mine.ids[-2:] == ["hello-demo", "close"]
    assert desk.update().out == UP_TO_DATE


def test_what_the_learner_removed_or_moved_stays_so(desk: Desk) -> None:
    desk.mine.remove("name-demo")
    desk.mine.insert("name-stub", new_cell("mine", "x = 1"))
    desk.mine.change(lambda cells: cells.append(cells.pop(0)))
    desk.lesson.write("close", "Done!")
    desk.lesson.insert("name-stub", new_cell("more", "Look again.", "markdown"))
    desk.update("--yes")
    assert desk.mine.ids == [
        *("start", "name-brief", "name-stub", "mine", "more", "hello-brief"),
        *("hello-stub", "hello-demo", "close", "intro"),
    ]
    assert desk.mine.source("close") == "Done!"
    again = desk.update().out
    assert again.startswith(UP_TO_DATE)
    assert f"{FIRST} is without what you took out of it: the demo of" in again


def test_cells_that_the_course_moved_are_moved_with_what_hangs_on_them(
    desk: Desk,
) -> None:
    desk.mine.insert("name-demo", new_cell("mine", "x = 1"))
    desk.lesson.change(lambda cells: cells.insert(-1, cells.pop(4)))
    shown = desk.update("--yes")
    assert "the course's new order" in said(shown)
    assert desk.mine.ids[-3:] == ["name-demo", "mine", "close"]


def test_a_note_in_the_prose_stays_until_the_course_changes_that_prose(
    desk: Desk,
) -> None:
    desk.mine.write("intro", "# Greeting\n\nMy note.")
    desk.lesson.write("close", "Done!")
    desk.update("--yes")
    assert "My note." in desk.mine.source("intro")
    desk.lesson.write("intro", "# Hello")
    shown = desk.update("--yes")
    assert "in place of yours: “Hello”" in said(shown)
    assert desk.mine.source("intro") == "# Hello"
    kept = Pages(desk.place.root / ".kata" / "backup" / "01_greeting.2.ipynb")
    assert "My note." in kept.source("intro")


def test_a_new_lesson_is_added(desk: Desk) -> None:
    (desk.place.root / SECOND).unlink()
    (desk.place.root / ".kata" / "given" / SECOND).unlink()
    shown = desk.update("--yes")
    assert f"Updated {SECOND}: a new lesson" in shown.out
    for path in (desk.place.root, desk.place.root / ".kata" / "given"):
        source = SAMPLE / "lessons" / SECOND
        assert (path / SECOND).read_bytes() == source.read_bytes()


def test_service_tests_and_progress_are_not_touched(desk: Desk) -> None:
    answer(desk.place, GREET)
    desk.place.write("tests/test_mine.py", "x = 1\n")
    before = desk.contents()
    desk.lesson.write("intro", "# Mended")
    desk.update("--yes")
    now = desk.contents()
    changed = {path for path in now if now[path] != before.get(path)}
    assert changed == {
        FIRST,
        f".kata/given/{FIRST}",
        ".kata/backup/01_greeting.1.ipynb",
        ".kata/given/earlier/01_greeting.1.ipynb",
    }
    assert now[".kata/backup/01_greeting.1.ipynb"] == before[FIRST]
    assert now.keys() >= before.keys()


def test_in_a_pipe_it_says_what_it_would_do_and_changes_nothing(desk: Desk) -> None:
    desk.lesson.write("intro", "# Mended")
    before = desk.contents()
    shown = desk.update()
    assert shown.status == 0
    assert f"Would update {FIRST}:" in shown.out
    assert "“Mended”" in shown.out
    assert "Nothing was changed; `kata update --yes` does it." in shown.out
    assert desk.contents() == before


@pytest.mark.skipif(sys.platform == "win32", reason="there is no pty")
@pytest.mark.parametrize(("key", "text"), [("y", "# Mended"), ("n", "# Greeting")])
def test_in_a_terminal_it_asks(key: str, text: str, desk: Desk) -> None:
    from tests.helpers.terminal import terminal

    desk.lesson.write("intro", "# Mended")
    course = str(desk.course)
    with terminal("update", cwd=desk.place.root, KATA_COURSE=course) as seen:
        seen.sees("Would update", "Go on?")
        seen.press(f"{key}\n")
        seen.sees("Done." if key == "y" else "Nothing was changed")
    assert desk.mine.source("intro").startswith(text)


def test_a_second_run_finds_nothing_to_do(desk: Desk) -> None:
    assert desk.update("--yes").out == UP_TO_DATE
    desk.lesson.write("intro", "# Mended")
    desk.update("--yes")
    before = desk.contents()
    assert desk.update("--yes").out == UP_TO_DATE
    assert desk.contents() == before


def test_starting_code_that_the_course_has_changed_since_is_no_answer(
    desk: Desk,
) -> None:
    answer(desk.place, STUB)
    master = Pages(desk.course / "solutions" / FIRST)
    for pages in (master, desk.lesson):
        pages.write("name-stub", NEW_STUB)
    desk.update("--yes")
    newer = {"KATA_COURSE": str(desk.course)}
    shown = kata(cwd=desk.place.root, **newer)
    assert re.search(r"your task +greeting\.name", shown.out)
    assert "greeting.name" in kata("catch-up", "02", cwd=desk.place.root, **newer).out
    shown = kata("check", "greeting.name", cwd=desk.place.root, **newer)
    assert "GIVEN" in shown.out
