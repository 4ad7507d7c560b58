"""A folder may have any name that the file system permits."""

import os
import shutil
from pathlib import Path

import pytest

from kata.course.course import Course
from kata.workspace.workspace import create
from tests.helpers.cli import SAMPLE, kata

NAMES = [
    "[x]",
    "a[0",
    "two words",
    "50% #1 {of} 'them' & all",
    "日本 \N{COMBINING DIAERESIS}",
    "$HOME ~",
    *(["a::b", 'quo"ted', "back\\slash", "*?<|>"] if os.name == "posix" else []),
]


@pytest.mark.parametrize("back_end", ["plain", "warm", "inprocess"])
@pytest.mark.parametrize("name", NAMES)
def test_a_course_and_a_workspace_may_lie_in_any_folder(
    tmp_path: Path, name: str, back_end: str
) -> None:
    root = tmp_path / name
    shutil.copytree(SAMPLE, root / "course")
    place = create(root / "workspace", Course(root / "course"))
    checked = kata("catch-up", "02", cwd=place.root, KATA_COURSE=str(root / "course"))
    assert checked.status == 0, checked.out + checked.err
    checked = kata(
        "check",
        "greeting",
        cwd=place.root,
        KATA_COURSE=str(root / "course"),
        KATA_RUNNER=back_end,
    )
    assert checked.status == 0, checked.out + checked.err
