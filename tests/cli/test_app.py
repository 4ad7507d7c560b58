"""The `kata` command: what a person types, what they read, and the exit status."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from kata.workspace.workspace import Workspace
from tests.helpers.cli import (
    answer,
    kata,
    running,
    too_wide,
    workspace,
)
from tests.helpers.places import SAMPLE
from tests.helpers.terminal import shown_in_terminal

GREEN = (
    '#| kata: greeting.name\ndef greet(name: str) -> str:\n    return f"Hello, {name}!"'
)
RED = GREEN.replace("!", "")
SLOW_TO_IMPORT = {
    "IPython",
    "fastapi",
    "jupyter_client",
    "jupyterlab",
    "nbclient",
    "nbformat",
    "pydantic",
    "pytest",
    "uvicorn",
    "watchfiles",
}


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace in which greeting.name was red and then green; only to be read."""
    place = workspace(tmp_path_factory.mktemp("tried") / "my-waybill")
    answer(place, RED)
    answer(place, GREEN)
    return place


def test_the_version_can_be_asked_for(tmp_path: Path) -> None:
    assert re.fullmatch(
        r"fastapi-katas \d+\.\d+\.\d+\n", kata("--version", cwd=tmp_path).out
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["chekc"], "Did you mean 'check'?"),
        (["check", "greeting.nmae"], "Did you mean `greeting.name`"),
        (["check", "double"], "Did you mean `counting.double`"),
        (["check", "01_greting"], "Did you mean `01_greeting`"),
        (["check", "zzz"], "Run `kata` to see them all."),
        (["history", "greeting.nmae"], "Did you mean `greeting.name`"),
        (["hint", "greeting.nmae"], "Did you mean `greeting.name`"),
        (["reset", "greeting.nmae"], "Did you mean `greeting.name`"),
        (["reset"], "Missing argument"),
        (["diff"], "Missing argument"),
        (["diff", "greeting.nmae"], "Did you mean `greeting.name`"),
        (["diff", "greeting.name"], "is not green yet"),
        (["history"], "Missing argument"),
        (["history", "greeting.name", "--restore", "1"], "it has 0"),
        (["history", "greeting.name", "--show", "1"], "it has 0"),
        (["history", "greeting.name", "--show", "0"], "'--show'"),
        (["catch-up", "03"], "There is no lesson `03`."),
        (["run", "--port", "http"], "'--port'"),
        (["run", "--port", "65536"], "'--port'"),
        (["run"], "There is no app in your workspace yet."),
        (["start", "."], "is not empty, and it is not a workspace"),
        (["start", "a-file"], "is a file, not a folder"),
        (["start", str(SAMPLE)], "holds the course itself"),
        (["build", "--check", "--run"], "Choose one."),
        (["build", "02"], "`kata build --run 02`"),
        (["doctor", "--fix"], "--fix"),
    ],
)
def test_misuse_is_a_message_and_status_2(
    arguments: list[str], said: str, tmp_path: Path, place: Workspace
) -> None:
    (tmp_path / "a-file").touch()
    shown = kata(*arguments, cwd=tmp_path)
    assert shown.status == 2
    assert said in " ".join(shown.err.split())
    assert "Traceback" not in shown.err
    assert shown.out == ""
    assert list(place.root.glob("waybill")) == []


@pytest.mark.parametrize(
    "arguments", [["check"], ["run"], ["history", "greeting.name"], ["catch-up", "02"]]
)
def test_a_missing_workspace_names_the_command_that_makes_one(
    arguments: list[str], tmp_path: Path
) -> None:
    shown = kata(*arguments, cwd=tmp_path)
    assert shown.status == 2
    assert "`kata start` makes one" in shown.err
    assert too_wide(shown.err) == []


def test_a_workspace_named_by_mistake_is_not_overlooked(tmp_path: Path) -> None:
    named = str(tmp_path / "nowhere")
    shown = kata(cwd=tmp_path, KATA_WORKSPACE=named)
    assert shown.status == 2
    assert "KATA_WORKSPACE names" in shown.err


def test_a_course_that_is_not_there_is_a_message(tmp_path: Path) -> None:
    shown = kata(cwd=tmp_path, KATA_COURSE=str(tmp_path))
    assert shown.status == 2
    assert "There is no course" in shown.err


def test_check_says_what_the_notebook_says(tried: Workspace) -> None:
    shown = kata("check", "greeting.name", cwd=tried.root)
    assert shown.status == 0
    assert shown.out.startswith("PASSED: greeting.name")


def test_check_reads_what_is_on_disk_and_leaves_it(place: Workspace) -> None:
    answer(place, GREEN)
    file = place.root / "waybill" / "hello.py"
    changed = file.read_text().replace("!", "")
    file.write_text(changed)
    assert re.search(r"not yet +greeting\.name", kata(cwd=place.root).out)
    shown = kata("check", "greeting.name", "--traceback", cwd=place.root)
    assert shown.status == 1
    assert shown.out.startswith("NOT YET: greeting.name")
    assert "checks/test_name.py" in shown.out
    assert file.read_text() == changed


def test_a_lesson_is_checked_whole_and_counted(place: Workspace) -> None:
    kata("catch-up", "02", cwd=place.root)
    lesson = kata("check", "01", cwd=place.root)
    assert lesson.status == 0
    assert lesson.out.endswith("0 of 2 katas are green; 2 are given.\n")
    everything = kata("check", cwd=place.root)
    assert everything.status == 1
    assert everything.out.endswith("0 of 3 katas are green; 2 are given.\n")


def test_history_lists_every_attempt(tried: Workspace) -> None:
    first, second, last = kata(
        "history", "greeting.name", cwd=tried.root
    ).out.splitlines()
    assert re.fullmatch(r" +1  \d{4}-\d\d-\d\d \d\d:\d\d  cell +not yet", first)
    assert re.fullmatch(r" +2  \d{4}-\d\d-\d\d \d\d:\d\d  cell +passed", second)
    assert "--show N" in last
    shown = kata("history", "greeting.hello", cwd=tried.root)
    assert shown.out == "Nothing has been run for it yet.\n"


def test_history_prints_any_attempt_as_it_was_run(tried: Workspace) -> None:
    shown = kata("history", "greeting.name", "--show", "1", cwd=tried.root)
    assert shown.out == f"{RED}\n"
    beyond = kata("history", "greeting.name", "--show", "3", cwd=tried.root)
    assert beyond.status == 2
    assert "has no attempt 3; it has 2" in beyond.err


def test_catch_up_fills_only_what_is_missing(place: Workspace) -> None:
    answer(place, RED)
    shown = kata("catch-up", "02", cwd=place.root)
    assert shown.status == 0
    assert "greeting.hello" in shown.out
    assert "greeting.name" not in shown.out
    assert "!" not in (place.root / "waybill" / "hello.py").read_text()
    assert "Nothing was missing" in kata("catch-up", "02", cwd=place.root).out


def test_a_damaged_progress_file_is_set_aside_and_named(place: Workspace) -> None:
    answer(place, GREEN)
    place.progress_path.write_bytes(b"not a database, whatever its name says" * 99)
    shown = kata(cwd=place.root)
    assert shown.status == 0
    kept = re.search(r"progress\.damaged-1\.db", shown.out)
    assert kept
    assert (place.progress_path.parent / kept[0]).exists()


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["hint"],
        ["diff", "greeting.name", "--spoil"],
        ["history", "greeting.name"],
        ["reset", "greeting.name"],
        ["catch-up", "01"],
    ],
)
def test_what_runs_no_check_imports_nothing_slow(
    arguments: list[str], place: Workspace
) -> None:
    shown = kata(*arguments, cwd=place.root, PYTHONPROFILEIMPORTTIME="1")
    imported = {line.rpartition("|")[2].strip() for line in shown.err.splitlines()}
    assert imported & SLOW_TO_IMPORT == set()
    assert "kata.cli.app" in imported


def test_a_reader_who_stops_early_is_no_error(place: Workspace) -> None:
    with running("check", cwd=place.root, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == ""


@pytest.mark.skipif(os.name == "nt", reason="there are no such terminals")
@pytest.mark.parametrize(
    ("settings", "coloured"),
    [
        ({"TERM": "xterm"}, True),
        ({"TERM": "xterm", "NO_COLOR": "1"}, False),
        ({"TERM": "dumb"}, False),
    ],
)
def test_a_terminal_gets_colour_unless_it_declines(
    settings: dict[str, str], coloured: bool, tried: Workspace
) -> None:
    shown = shown_in_terminal(cwd=tried.root, **settings)
    assert ("\x1b[" in shown) is coloured
    assert re.sub(r"\x1b\[\d+m", "", shown) == kata(cwd=tried.root).out
