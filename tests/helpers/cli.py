"""The real `kata` executable, run the way a person runs it."""

import os
import subprocess
import sys
import sysconfig
import time
import venv
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypeVar

import psutil

from kata.course.course import Course
from kata.loop.loop import Loop
from kata.runner.plain import PlainRunner
from kata.verdict import Verdict
from kata.workspace.workspace import Workspace, create
from tests.helpers.places import SAMPLE
from tests.helpers.shared import SHARED

T = TypeVar("T")
KATA = Path(sysconfig.get_path("scripts")) / ("kata.exe" if os.name == "nt" else "kata")
COLUMNS = 80
PATIENCE = 60.0
"""Seconds after which a test stops waiting for what should have happened."""
OURS = ("KATA_", "JUPYTER_", "NO_COLOR", "FORCE_COLOR", "PYTEST_")


@dataclass(frozen=True)
class Answer:
    """What a command said, and the status it ended with."""

    status: int
    out: str
    err: str


def environment(home: Path, more: Mapping[str, str]) -> dict[str, str]:
    """Return an environment with the sample course and Jupyter's files in `home`."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(OURS)}
    jupyter = {
        f"JUPYTER_{kind}_DIR": str(home / ".jupyter" / kind.lower())
        for kind in ("CONFIG", "DATA", "RUNTIME")
    }
    settings = {"KATA_COURSE": str(SAMPLE), "PYTHONUTF8": "1", "COLUMNS": str(COLUMNS)}
    return {**inherited, **jupyter, **settings, **SHARED.variables(), **more}


def kata(*arguments: str, cwd: Path, python: Path | None = None, **more: str) -> Answer:
    """Run `kata` to its end; with `python`, run it as that one's `python -m kata`."""
    command = [str(python), "-m", "kata"] if python else [str(KATA)]
    done = subprocess.run(
        [*command, *arguments],
        cwd=cwd,
        env=environment(cwd, more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return Answer(done.returncode, done.stdout, done.stderr)


def too_wide(text: str) -> list[str]:
    """Return the lines that are wider than a terminal and could have been broken.

    One long word can't be, and a path is one: a learner has to be able to copy it.
    """
    return [
        line
        for line in text.splitlines()
        if len(line) > COLUMNS and " " in line.strip()
    ]


def environment_without_kernel(root: Path) -> Path:
    """Make a virtual environment with the packages of this one; return its Python."""
    venv.create(root, symlinks=os.name == "posix", with_pip=False)
    own = dict.fromkeys(("base", "platbase", "installed_base"), str(root))
    packages = Path(sysconfig.get_path("purelib", "venv", own))
    ours = sysconfig.get_path("purelib")
    (packages / "ours.pth").write_text(f"import site; site.addsitedir({ours!r})\n")
    scripts = Path(sysconfig.get_path("scripts", "venv", own))
    return scripts / Path(sys.executable).name


def workspace(root: Path) -> Workspace:
    """Make a workspace of the sample course."""
    return create(root, Course(SAMPLE))


def answer(place: Workspace, source: str) -> Verdict:
    """Run a kata's cell, as its notebook does."""
    return Loop(Course(SAMPLE), place, PlainRunner()).run_cell(source)


@contextmanager
def running(
    *arguments: str, cwd: Path, stderr: int | None = None, **more: str
) -> Iterator[subprocess.Popen[str]]:
    """Run `kata` while a test looks at it, and leave nothing of it behind."""
    process = subprocess.Popen(
        [str(KATA), *arguments],
        cwd=cwd,
        env=environment(cwd, more),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=stderr,
        encoding="utf-8",
    )
    try:
        yield process
    finally:
        for one in family(process):
            one.kill()
        process.kill()
        process.wait()
        for pipe in (process.stdout, process.stderr):
            if pipe:
                pipe.close()


def family(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """Return the processes that a process has started."""
    try:
        return psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def line_with(text: str, pipe: IO[str] | None) -> str:
    """Return the first line that comes out of a pipe and contains a text."""
    assert pipe
    for line in pipe:
        if text in line:
            return line
    raise AssertionError(f"it ended without printing {text!r}")


class NothingSeenError(AssertionError):
    """What a test waited for did not happen."""


def eventually(look: Callable[[], T | None], patience: float = PATIENCE) -> T:
    """Look again and again until there is something to see."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if seen := look():
            return seen
        time.sleep(0.05)
    raise NothingSeenError
