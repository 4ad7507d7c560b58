"""A bench to try a cell on: the reference around it, and nothing else."""

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kata.course.course import Course
from kata.course.curriculum import Kata
from kata.judge.case import Case
from kata.judge.judge import judge
from kata.runner.report import Job, Runner
from kata.source.file import parse_cell
from kata.verdict import Verdict

PATIENCE = 3
"""Times a kata's limit: that a machine is busy is no fault of the course."""


@dataclass
class Bench:
    """Runs cells as answers to a kata, on a part of the reference."""

    course: Course
    runner: Runner
    runs: int = 0
    """How many runs of a kata's checks there have been."""

    def on_prefix(self, kata: Kata, source: str) -> Verdict:
        """Try a cell where a learner would: on the katas up to this one."""
        katas = self.course.curriculum.katas
        return self._try(kata, source, katas[: katas.index(kata) + 1])

    def on_finished(self, kata: Kata, source: str) -> Verdict:
        """Try a cell in the finished service."""
        return self._try(kata, source, self.course.curriculum.katas)

    def _try(self, kata: Kata, source: str, around: Iterable[Kata]) -> Verdict:
        self.runs += 1
        files = self.course.reference(around, {kata.id: source})
        with tempfile.TemporaryDirectory(prefix="kata-") as folder:
            root = Path(folder).resolve()
            for file, text in files.items():
                path = root / file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            limit = PATIENCE * kata.time_limit
            job = Job(self.course.checks_path(kata), root, kata.module, limit)
            report = self.runner.run(job)
        return judge(Case(self.course, kata, parse_cell(source), files), report)
