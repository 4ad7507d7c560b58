"""What the finished service is exported as, and code that runs there."""

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from kata.build.fresh import PLUGINS
from kata.course.course import Course
from kata.course.curriculum import Kata
from kata.workspace import workspace as workspaces
from kata.workspace.workspace import Workspace
from tests.helpers.cli import kata
from tests.helpers.places import ROOT
from tests.helpers.without_engine import WITHOUT_THE_ENGINE

COURSE = Course(ROOT)


def workspace_of(folder: Path, katas: Iterable[Kata]) -> Workspace:
    """Make a workspace that holds the reference of these katas."""
    place = workspaces.create(folder, COURSE)
    place.write_all(COURSE.reference([*katas]))
    return place


def up_to(slug: str) -> list[Kata]:
    """Return the katas of all lessons up to this one."""
    lessons = COURSE.curriculum.lessons
    last = next(n for n, one in enumerate(lessons) if one.slug == slug)
    return [kata for lesson in lessons[: last + 1] for kata in lesson.katas]


def exported(place: Workspace) -> Path:
    """Export a workspace of the real course with the real executable."""
    shown = kata("export", "../out", cwd=place.root, KATA_COURSE="")
    assert shown.status == 0, shown.err
    return place.root.parent / "out"


def clean(**more: str) -> dict[str, str]:
    """Return an environment without what tests and the engine set, or bring along."""
    ours = ("PYTEST_", "KATA_", "WAYBILL_", "TEST_")
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
    return inherited | PLUGINS | more


def run_there(
    folder: Path, code: str, **more: str
) -> "subprocess.CompletedProcess[str]":
    """Run code in an exported project, in a process that can't import the engine."""
    return subprocess.run(
        [sys.executable, "-c", f"{WITHOUT_THE_ENGINE}\nsys.path.insert(0, '')\n{code}"],
        cwd=folder,
        env=clean(**more),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def tool(folder: Path, *words: str) -> str:
    """Run one of the project's tools there; return what it says if it fails."""
    done = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=folder,
        env=clean(),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return done.stdout + done.stderr if done.returncode else ""
