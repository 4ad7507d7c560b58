"""What tests of the warm runner share: a job, and looks at its processes."""

from pathlib import Path

import psutil

from kata.runner.report import Ending, Job, Report
from tests.cli_helpers import eventually
from tests.runner_helpers import COURSE, GOOD

KATA = COURSE.curriculum.kata("counting.double")
WRONG = GOOD.replace("2", "3")


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
        child
        for child in psutil.Process().children()
        if "kata.runner.zygote" in child.cmdline()
    ]


def standing_by(zygote: psutil.Process) -> list[psutil.Process]:
    """Return the one child that stands by, once there is one."""
    return eventually(lambda: zygote.children())
