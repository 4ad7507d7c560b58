"""A folder may have any name that the file system permits."""

import os
import shutil
from pathlib import Path

import pytest

from kata.course.course import Course
from kata.loop.loop import Loop
from kata.workspace.workspace import create
from tests.helpers.cli import SAMPLE, kata
from tests.helpers.rehearsal import Rehearsal
from tests.helpers.shared import OWN

ODD = "50% #1 {of} 'them' & all, $HOME ~ 日本 \N{COMBINING DIAERESIS}"
NAMES = [
    # Each means something of its own to pytest, and none can hide another.
    *("[x]", "a[0", ODD),
    *(["a::b", 'quo"ted back\\slash', "*?<|>"] if os.name == "posix" else []),
]


def assert_it_works(root: Path, back_end: str) -> None:
    """Make a course and a workspace in a folder, and check what it has caught up on."""
    shutil.copytree(SAMPLE, root / "course")
    course = Course(root / "course")
    place = create(root / "workspace", course)
    Loop(course, place, Rehearsal()).catch_up(course.curriculum.lesson("02"))
    checked = kata(
        "check",
        "greeting",
        cwd=place.root,
        KATA_COURSE=str(course.root),
        KATA_RUNNER=back_end,
        **OWN,
    )
    assert checked.status == 0, checked.out + checked.err


@pytest.mark.parametrize("name", NAMES)
def test_a_course_and_a_workspace_may_lie_in_any_folder(
    tmp_path: Path, name: str
) -> None:
    assert_it_works(tmp_path / name, "inprocess")


@pytest.mark.parametrize("back_end", ["plain", "spawn", "warm"])
def test_every_back_end_finds_its_way_there(tmp_path: Path, back_end: str) -> None:
    # What runs in the child is the same for all; how they hand the paths over is not.
    assert_it_works(tmp_path.joinpath(*NAMES), back_end)
