"""What tests of the back ends share: a good cell, and the verdict on any other."""

from pathlib import Path

import psutil

from kata.course.course import Course
from kata.display.text import render
from kata.judge.case import Case
from kata.judge.judge import judge
from kata.runner.report import Job, Runner
from kata.source.file import SourceFile, parse_cell, place
from kata.verdict import Status, Verdict
from tests.helpers.cli import eventually
from tests.helpers.places import SAMPLE
from tests.helpers.shared import SHARED

COURSE = Course(SAMPLE)
GOOD = "def double(number: int) -> int:\n    return 2 * number\n"
ENOUGH = 30.0
"""Seconds; for cells that end by themselves, however slow the machine is."""
SOON = 0.8
"""Seconds of computing, or of waiting; a time limit for cells that never end."""


def verdict_on(
    cell: str,
    root: Path,
    runner: Runner,
    time_limit: float = ENOUGH,
    *,
    name: str = "counting.double",
) -> Verdict:
    """Run the checks of a kata on a cell."""
    kata = COURSE.curriculum.kata(name)
    code = parse_cell(cell)
    file = place(SourceFile(), kata.id, code, path=kata.file, order=[kata.id], known={})
    path = root / kata.file
    path.parent.mkdir(exist_ok=True)
    (path.parent / "__init__.py").touch()
    path.write_text(file.render(), encoding="utf-8")
    job = Job(COURSE.checks_path(kata), root, kata.module, time_limit)
    case = Case(COURSE, kata, code, {kata.file: file.render()})
    return judge(case, runner.run(job))


def assert_nothing_is_left(root: Path, runner: Runner) -> None:
    """The next honest run is green, and no process but the runner's own is there."""
    verdict = verdict_on(GOOD, root, runner)
    assert verdict.status is Status.PASSED, render(verdict)
    # The next one that stands by may just have been forked: until it is a program of
    # its own, it looks like this one.
    eventually(lambda: not _left())


def own_children() -> list[psutil.Process]:
    """Return what this process has started, without what all tests share."""
    return [one for one in psutil.Process().children() if one.pid != SHARED.pid]


def _left() -> list[psutil.Process]:
    """Return what neither runs checks nor stands by for them."""
    left = []
    for own in own_children():
        try:
            left += own.children(recursive=True)[1:]  # the first stands by
            if "kata.runner" not in str(own.cmdline()):
                left.append(own)
        except psutil.Error:  # it is about to go: one more look will tell
            left.append(own)
    return left
