"""A bench to try a cell on: the reference around it, and nothing else."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from kata.course.course import Course
from kata.course.curriculum import Kata
from kata.judge.case import Case
from kata.judge.judge import judge
from kata.runner.report import Job, Runner
from kata.verdict import Verdict


@dataclass
class Bench:
    """Runs cells as answers to a kata, on a part of the reference."""

    course: Course
    runner: Runner
    runs: int = 0
    """How many runs of a kata's checks there have been."""

    def on_prefix(self, kata: Kata, source: str) -> Verdict:
        """Try a cell where a learner would: on the katas up to this one."""
        return self._try(kata, source, self._prefix(kata))

    def refusal(self, kata: Kata, source: str) -> Verdict:
        """Try a cell there, until the first check refuses it: the rest stays open."""
        return self._try(kata, source, self._prefix(kata), to_the_first_refusal=True)

    def on_finished(self, kata: Kata, source: str) -> Verdict:
        """Try a cell in the finished service."""
        return self._try(kata, source, self.course.curriculum.katas)

    def in_finished(self, kata: Kata, source: str) -> None:
        """Put a cell into the finished service, and run nothing.

        What its imports or names clash with there is a `KataError`.
        """
        self.course.reference(self.course.curriculum.katas, {kata.id: source})

    def _prefix(self, kata: Kata) -> Sequence[Kata]:
        katas = self.course.curriculum.katas
        return katas[: katas.index(kata) + 1]

    def _try(
        self,
        kata: Kata,
        source: str,
        around: Iterable[Kata],
        *,
        to_the_first_refusal: bool = False,
    ) -> Verdict:
        self.runs += 1
        files = self.course.reference(around, {kata.id: source})
        with tempfile.TemporaryDirectory(prefix="kata-") as folder:
            root = Path(folder).resolve()
            for file, text in files.items():
                path = root / file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            checks = self.course.checks_path(kata)
            job = Job(checks, root, kata.module, kata.time_limit, to_the_first_refusal)
            report = self.runner.run(job)
        return judge(Case(self.course, kata, kata.parse(source), files), report)


class Benches:
    """As many benches as there are runners, lent to one thread at a time each."""

    def __init__(self, course: Course, runners: Sequence[Runner]) -> None:
        self.course = course
        self._all = [Bench(course, runner) for runner in runners]
        self._free: SimpleQueue[Bench] = SimpleQueue()
        for bench in self._all:
            self._free.put(bench)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._all)

    @property
    def runs(self) -> int:
        """How many runs of a kata's checks there have been on all of them."""
        return sum(bench.runs for bench in self._all)

    @contextmanager
    def one(self) -> Iterator[Bench]:
        """Lend a bench, as soon as one is free."""
        bench = self._free.get()
        try:
            yield bench
        finally:
            self._free.put(bench)
