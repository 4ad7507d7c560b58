"""`kata watch`: nothing but an editor and a few keys."""

import os
import signal
import subprocess
from contextlib import suppress

import pytest

from kata.workspace.workspace import Workspace
from tests.helpers.cli import PATIENCE, kata, line_with, running
from tests.helpers.loop import (
    DOUBLE,
    FILE,
    HELLO,
    NAME,
    NUMBERS,
    TWICE,
    change,
    save_cell,
)
from tests.helpers.terminal import terminal

posix = pytest.mark.skipif(os.name == "nt", reason="there are no such terminals")


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
