"""Every learner's command on the course itself, in the order in which they come up."""

import os
import re
from pathlib import Path

import pytest

from kata.course.find import find_course
from tests.helpers.cli import Answer, kata
from tests.helpers.terminal import terminal

COURSE = find_course()
ADDRESS = "models.address"
BEFORE = COURSE.katas_before(COURSE.curriculum.lesson("03"))


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that `kata start` made, with the answers of lessons 01 and 02."""
    home = tmp_path_factory.mktemp("real")
    shown = kata("start", "--no-server", cwd=home, KATA_COURSE="")
    assert shown.status == 0, shown.err
    root = home / "my-waybill"
    assert len([*root.glob("*.ipynb")]) == len(COURSE.curriculum.lessons)
    shown = kata("catch-up", "03", cwd=root, KATA_COURSE="")
    assert shown.out.count("filled in") == len(BEFORE)
    return root


def run(root: Path, *arguments: str) -> Answer:
    return kata(*arguments, cwd=root, KATA_COURSE="")


def test_the_map_says_what_is_done_and_what_comes_next(root: Path) -> None:
    shown = run(root)
    assert re.search(r"02_models +8 of 8 given +8 katas", shown.out)
    assert "Next: requests.rate " in shown.out


def test_a_lesson_is_checked_and_the_next_kata_is_its_task(root: Path) -> None:
    shown = run(root, "check", "02")
    assert shown.status == 0, shown.out
    assert shown.out.count("GIVEN") == len(COURSE.curriculum.lesson("02").katas)
    shown = run(root, "check", "requests.rate")
    assert shown.status == 1
    assert "YOUR TASK" in shown.out


def test_hints_come_one_at_a_time(root: Path) -> None:
    first, second = (run(root, "hint", "requests.rate") for _ in range(2))
    assert first.status == second.status == 0
    assert first.out != second.out
    assert run(root, "hint", "requests.rate", "--all").out.count("\n") > 10


def test_the_reference_is_shown_after_green_alone(root: Path) -> None:
    assert "class Address" in run(root, "diff", ADDRESS).out
    assert "CountryCode" not in run(root, "diff", "requests.rate").out
    assert "CountryCode" in run(root, "diff", "requests.rate", "--spoil").out


def test_a_reset_can_be_undone(root: Path) -> None:
    assert "is attempt 1" in run(root, "reset", ADDRESS).out
    assert "YOUR TASK" in run(root, "check", ADDRESS).out
    assert re.search(r"^ +1 .* reference +given", run(root, "history", ADDRESS).out)
    assert "GIVEN" in run(root, "history", ADDRESS, "--restore", "1").out
    assert run(root, "check", ADDRESS).status == 0


def test_an_up_to_date_workspace_needs_no_update(root: Path) -> None:
    assert run(root, "update").out == "Every notebook is up to date.\n"


def test_an_export_under_way_is_a_project(root: Path) -> None:
    shown = run(root, "export", "../waybill")
    assert shown.status == 0, shown.err
    exported = root.parent / "waybill"
    assert (exported / "pyproject.toml").exists()
    assert (exported / "waybill" / "schemas.py").exists()


def test_the_doctor_looks_at_the_course_and_at_this_workspace(root: Path) -> None:
    shown = run(root, "doctor")
    said = "".join(shown.out.split())  # as if no line had been too long
    assert f"Thecourse:{COURSE.root}" in said
    assert f"Yourworkspace:{root}" in said
    assert ("Ready." in shown.out) is (shown.status == 0)


@pytest.mark.skipif(os.name == "nt", reason="there are no such terminals")
def test_a_saved_file_is_checked_at_once(root: Path) -> None:
    schemas = root / "waybill" / "schemas.py"
    right = schemas.read_text(encoding="utf-8")
    with terminal("watch", ADDRESS, cwd=root, KATA_COURSE="") as screen:
        screen.sees("GIVEN", ADDRESS)
        schemas.write_text(right.replace("max_length=100", "max_length=99"))
        screen.sees("NOT YET", ADDRESS)
        schemas.write_text(right, encoding="utf-8")
        screen.sees("GIVEN", ADDRESS)
        screen.press("q")
