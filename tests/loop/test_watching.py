"""`kata watch`: what is saved is checked, with nothing but an editor and a few keys."""

import json
import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kata.errors import KataError
from kata.loop.loop import Loop
from kata.loop.watching import Watch
from kata.verdict import Status
from kata.workspace.workspace import Workspace
from tests.helpers.cli import PATIENCE, kata, line_with, running, workspace
from tests.helpers.loop import (
    APP,
    COURSE,
    DOUBLE,
    FILE,
    GREET,
    HELLO,
    NAME,
    STUB,
    edit,
    history,
    text,
)
from tests.helpers.terminal import terminal

if TYPE_CHECKING:
    from tests.conftest import Rehearsal

TWICE = COURSE.cells(DOUBLE).reference
NUMBERS = "waybill/numbers.py"
posix = pytest.mark.skipif(os.name == "nt", reason="there are no such terminals")


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    return workspace(tmp_path / "my-waybill")


@pytest.fixture
def watch(loop: Loop) -> Watch:
    """Somebody at work on the first kata, who has looked at it once."""
    watch = Watch(loop, NAME)
    watch.open(NAME)
    return watch


def change(place: Workspace, file: str, old: str, new: str) -> None:
    """Change a file as an editor does."""
    before = place.read(file) or ""
    assert old in before
    (place.root / file).write_text(before.replace(old, new), encoding="utf-8")


def save_cell(place: Workspace, lesson: str, cell: str, source: str) -> None:
    """Save a notebook with another text in one of its cells."""
    path = place.root / f"{lesson}.ipynb"
    raw = json.loads(path.read_text(encoding="utf-8"))
    (found,) = [one for one in raw["cells"] if one["id"] == cell]
    found["source"] = source
    path.write_text(json.dumps(raw), encoding="utf-8")


@posix
def test_an_editor_and_three_keys_are_enough(place: Workspace) -> None:
    with terminal("watch", cwd=place.root) as screen:
        before = screen.attributes()
        shown = screen.sees(f"YOUR TASK: {NAME.id}", "q quit")
        assert f"Its starting code is in {FILE} now." in shown
        change(place, FILE, '"Hello!"', 'f"Hello, {name}"')
        screen.sees(f"NOT YET: {NAME.id}", "q quit")
        screen.press("h")
        screen.sees(f"Hint 1 of 3 for {NAME.id}", "q quit")
        change(place, FILE, "{name}", "{name}!")
        assert "Hint" not in screen.sees(f"PASSED: {NAME.id}", "q quit")
        screen.press("n")
        screen.sees(f"YOUR TASK: {HELLO.id}", "q quit")
        screen.press("q")
        assert screen.process.wait(PATIENCE) == 0
        assert screen.attributes() == before
    assert kata("check", NAME.id, cwd=place.root).status == 0


@posix
def test_a_saved_notebook_runs_the_cell_that_changed(place: Workspace) -> None:
    with terminal("watch", DOUBLE.id, cwd=place.root) as screen:
        screen.sees(f"YOUR TASK: {DOUBLE.id}", "q quit")
        save_cell(place, "02_counting", "double-stub", TWICE)
        screen.sees(f"PASSED: {DOUBLE.id}", "q quit")
    assert "2 * number" in (place.read(NUMBERS) or "")


@posix
def test_ctrl_c_ends_it_as_well_as_q(place: Workspace) -> None:
    with running("watch", cwd=place.root, stderr=subprocess.PIPE) as process:
        line_with("q quit", process.stdout)
        presses = pressed_until_it_ends(process)
        assert process.returncode == 0
        assert process.stderr
        # Python ignores, aloud, an interrupt that meets a finalizer: then again.
        assert presses > 1 or process.stderr.read() == ""


def pressed_until_it_ends(process: subprocess.Popen[str]) -> int:
    """Press Ctrl+C, and again if nothing comes of it; return how often."""
    for presses in range(1, 6):
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(PATIENCE / 5)
            return presses
    raise AssertionError("it does not end")


def test_it_begins_where_it_is_told_or_not_at_all(place: Workspace) -> None:
    shown = kata("watch", "greeting.nmae", cwd=place.root)
    assert shown.status == 2
    assert "Did you mean `greeting.name`" in shown.err


def test_a_save_without_a_change_checks_nothing(
    watch: Watch, runner: "Rehearsal"
) -> None:
    runs = len(runner.jobs)
    watch.loop.workspace.root.joinpath(FILE).touch()
    assert not watch.look()
    assert len(runner.jobs) == runs


def test_the_katas_of_a_changed_file_are_checked_and_no_others(
    watch: Watch,
) -> None:
    for cell in (GREET, APP, TWICE):
        watch.loop.run_cell(cell)
    watch.look()
    edit(watch.loop, "Hello, {name}!", "Hello, dear {name}!")
    assert watch.look()
    assert {*watch.verdicts} == {NAME.id, HELLO.id}


def test_what_was_red_is_checked_again_whatever_is_saved(
    watch: Watch, runner: "Rehearsal"
) -> None:
    runner.red.add("test_ends_with_a_mark")
    for cell in (GREET, APP, TWICE):
        watch.loop.run_cell(cell)
    watch.look()
    change(watch.loop.workspace, NUMBERS, "2 *", "3 *")
    assert watch.look()
    assert {*watch.verdicts} == {NAME.id, DOUBLE.id}
    assert watch.verdicts[NAME.id].status is Status.FAILED


def test_what_it_writes_itself_is_nobodys_change(watch: Watch) -> None:
    save_cell(watch.loop.workspace, "01_greeting", "name-stub", GREET)
    assert watch.look()
    assert watch.verdicts[NAME.id].status is Status.PASSED
    assert not watch.look()


def test_a_cell_that_was_run_before_it_was_saved_is_not_run_again(
    watch: Watch,
) -> None:
    watch.loop.run_cell(GREET)
    assert watch.look()
    runs = len(history(watch.loop))
    save_cell(watch.loop.workspace, "01_greeting", "name-stub", GREET)
    assert not watch.look()
    assert len(history(watch.loop)) == runs


def test_a_notebook_in_the_middle_of_being_saved_is_passed_over(
    watch: Watch,
) -> None:
    notebook = watch.loop.workspace.root / "01_greeting.ipynb"
    whole = notebook.read_text(encoding="utf-8")
    for text_on_disk in (whole[:100], whole):
        notebook.write_text(text_on_disk, encoding="utf-8")
        assert not watch.look()


def test_a_copy_of_a_notebook_with_older_code_runs_nothing(watch: Watch) -> None:
    watch.loop.run_cell(GREET)
    watch.look()
    root = watch.loop.workspace.root
    (root / "copy.ipynb").write_bytes((root / "01_greeting.ipynb").read_bytes())
    assert not watch.look()
    assert "Hello, {name}!" in text(watch.loop)


def test_a_file_in_the_middle_of_a_sentence_is_said_and_kept(watch: Watch) -> None:
    watch.loop.run_cell(GREET)
    watch.look()
    edit(watch.loop, 'return f"Hello, {name}!"', "return f(")
    assert watch.look()
    assert "return f(" in text(watch.loop)
    assert "return f(" in history(watch.loop)[-1].source


def test_next_goes_round_the_katas_that_are_not_green(watch: Watch) -> None:
    visited = []
    for _ in range(3):
        watch.next()
        visited.append(watch.at.id)
    assert visited == [HELLO.id, DOUBLE.id, NAME.id]
    for cell in (GREET, APP, TWICE):
        watch.loop.run_cell(cell)
    with pytest.raises(KataError, match="Every kata is green"):
        watch.next()


def test_turning_to_a_kata_never_replaces_an_answer(watch: Watch) -> None:
    watch.loop.run_cell(GREET)
    before = text(watch.loop)
    watch.open(NAME)
    assert text(watch.loop) == before
    assert STUB not in {one.source for one in history(watch.loop)[1:]}
