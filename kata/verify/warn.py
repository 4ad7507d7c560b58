"""Proof by strictness: the reference raises no warning, deprecations among them."""

import os
import subprocess
import sys
from collections.abc import Iterator

from kata.course.course import Course
from kata.verify.fault import Fault, Kind

LONGEST = 1200
SELDOM = 50_000, 20, 100
"""How often garbage is collected: a fifth of the time went there, for whole apps that
are made and thrown away."""
START = f"import gc, sys, pytest; gc.set_threshold{SELDOM}; sys.exit(pytest.main())"


def prove_no_warnings(course: Course) -> Iterator[Fault]:
    """All checks pass on the finished reference with every warning as an error.

    This is plain pytest in a process of its own, as anyone may run it, but that it
    collects garbage less often.
    """
    run = plain_pytest(course)
    if run.returncode:
        yield Fault(Kind.WARNING, "solutions/service", run.stdout[-LONGEST:])


def plain_pytest(course: Course) -> subprocess.CompletedProcess[str]:
    """Run `python -W error -m pytest checks` on the reference."""
    command = [sys.executable, "-W", "error", "-c", START, "-q", "-p", "anyio"]
    command += ["-c", str(course.suite / "pytest.ini")]
    curriculum = course.curriculum
    # What has been replaced is no part of the finished service.
    there = [kata for kata in curriculum.katas if not curriculum.successor(kata)]
    return subprocess.run(  # noqa: S603 - our own command
        [*command, *(str(course.checks_path(kata)) for kata in there)],
        env={
            **os.environ,
            "PYTHONPATH": str(course.root / "solutions" / "service"),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "PYTEST_ADDOPTS": "",
        },
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
