"""What tests of the back ends share: a good cell, and the verdict on any other."""

from pathlib import Path

from kata.course.course import Course
from kata.judge.case import Case
from kata.judge.judge import judge
from kata.runner.plain import PlainRunner
from kata.runner.report import Job, Runner
from kata.source.file import SourceFile, parse_cell, place
from kata.verdict import Verdict

COURSE = Course(Path(__file__).parent / "sample_course")
GOOD = "def double(number: int) -> int:\n    return 2 * number\n"
ENOUGH = 30.0
"""Seconds; for cells that end by themselves, however slow the machine is."""


def soon(runner: Runner) -> float:
    """Return a time limit in seconds, for cells that never end."""
    # A fresh process has to start first; the others are ready, or nearly.
    return 3.0 if isinstance(runner, PlainRunner) else 1.5


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
