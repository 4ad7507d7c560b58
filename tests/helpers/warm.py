"""What tests of the warm runner share: a job, and looks at its processes."""

import sys
from pathlib import Path

import psutil

from kata.runner.report import Ending, Job, Report
from tests.helpers.cli import eventually
from tests.helpers.runner import COURSE, GOOD, own_children

KATA = COURSE.curriculum.kata("counting.double")
WRONG = GOOD.replace("2", "3")
SOON = 15.0
"""Seconds; what has to end does so at once, on a machine that is not overloaded."""


def job(root: Path, cell: str, time_limit: float = 30.0) -> Job:
    path = root / KATA.file
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text(cell, encoding="utf-8")
    return Job(COURSE.checks_path(KATA), root, KATA.module, time_limit)


def passed(report: Report) -> bool:
    return (
        report.ending is Ending.FINISHED
        and report.import_failure is None
        and len(report.checks) > 0
        and not any(check.failure for check in report.checks)
    )


def zygotes() -> list[psutil.Process]:
    """Return the warm processes that this one has started."""
    return [
        child for child in own_children() if "kata.runner.zygote" in child.cmdline()
    ]


def standing_by(zygote: psutil.Process) -> list[psutil.Process]:
    """Return the one child that stands by, once there is one."""
    return eventually(lambda: zygote.children())


def at_least(count: int, process: psutil.Process) -> list[psutil.Process]:
    """Return all that a process has started, or nothing before there are so many."""
    found = process.children(recursive=True)
    return found if len(found) >= count else []


def left_by_killed(script: str, one: Job, count: int) -> list[psutil.Process]:
    """Kill a script that runs a job once it has started so many processes.

    Return those that outlive it.
    """
    arguments = [str(one.checks), str(one.root), one.module]
    owner = psutil.Popen([sys.executable, "-c", script, *arguments])
    started = eventually(lambda: at_least(count, owner))
    owner.kill()
    owner.wait()
    _, alive = psutil.wait_procs(started, timeout=SOON)
    return alive
