"""One kata checked and judged, against a workspace as it is."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from itertools import takewhile

from kata.course.course import Course
from kata.course.curriculum import Kata
from kata.errors import listed
from kata.judge.case import Case, nobody
from kata.judge.judge import judge
from kata.runner.report import Job, Runner
from kata.source.file import CellCode, regions_in
from kata.verdict import Status, Verdict
from kata.workspace import scratch
from kata.workspace.workspace import Workspace

UNDEFINED = re.compile(r"NameError: name '(?P<name>\w+)' is not defined")


@dataclass(frozen=True)
class Checker:
    """Runs a kata's checks and judges them. It stores and changes nothing."""

    course: Course
    runner: Runner
    is_open: Callable[[Kata], bool] = nobody
    """Whether a kata's answer is the learner's and not green."""

    def run(self, kata: Kata, workspace: Workspace, code: CellCode | None) -> Verdict:
        """Return the verdict on a workspace; `code` is the cell that was run, if any.

        Another kata of the same file that does not run is no reason to send the learner
        there, unless this one needs it: it is left out, and the verdict says so.
        """
        first = verdict = self._judge(kata, workspace, code)
        regions = self._regions(kata, workspace)
        if _ended_without_a_line(verdict):
            return self._without_suspects(kata, workspace, code, verdict)
        aside: list[str] = []
        causes: list[str] = []
        while verdict.waits_for in regions and verdict.waits_for not in aside:
            if not self._lacks_one_of(aside, kata, verdict):
                causes.append(_reason(verdict))
            aside.append(verdict.waits_for)
            with self._copy_without(aside, kata, workspace) as copy:
                verdict = self._judge(kata, copy, code)
        if not aside or verdict.status is Status.BLOCKED:
            return first
        more = " What needs that code is left out, too."
        return replace(verdict, imported=()).noting(
            f"{kata.file} does not import as a whole. Left out here: "
            f"{'; and '.join(cause.rstrip('.') for cause in causes)}."
            f"{more if len(causes) < len(aside) else ''}"
        )

    def _without_suspects(
        self, kata: Kata, workspace: Workspace, code: CellCode | None, first: Verdict
    ) -> Verdict:
        """Return the verdict without the file's other answers that are not green.

        Nothing tells which line ended Python, or closed what it speaks through. It was
        one of those if the checks come to an end without them.
        """
        suspects = self._suspects(kata, self._regions(kata, workspace))
        if not suspects:
            return first
        with self._copy_without(suspects, kata, workspace) as copy:
            verdict = self._judge(kata, copy, code)
        if verdict.status in {Status.BROKEN, Status.BLOCKED}:
            return first
        return replace(verdict, imported=()).noting(
            f"With the code of {listed(suspects)} in it, {kata.file} keeps the "
            "checks from running, so this was checked without it."
        )

    def _regions(self, kata: Kata, workspace: Workspace) -> Mapping[str, str]:
        return self.course.curriculum.regions(kata.file, workspace.read(kata.file))

    def _copy_without(
        self, aside: Sequence[str], kata: Kata, workspace: Workspace
    ) -> AbstractContextManager[Workspace]:
        texts = self.course.curriculum.texts
        return scratch.copy_without(aside, kata.file, workspace, texts)

    def _suspects(self, kata: Kata, regions: Mapping[str, str]) -> list[str]:
        return [
            other.id
            for other in self.course.curriculum.in_file(kata.file)
            if other != kata and self._is_red(other, regions)
        ]

    def _lacks_one_of(self, aside: list[str], kata: Kata, verdict: Verdict) -> bool:
        """Tell whether a cell only misses a name from one that is left out already."""
        missed = UNDEFINED.search(_reason(verdict))
        provider = missed and self.course.provider(kata.module, missed["name"])
        return bool(provider and provider.id in aside)

    def _judge(
        self, kata: Kata, workspace: Workspace, code: CellCode | None
    ) -> Verdict:
        job = Job(
            self.course.checks_path(kata), workspace.root, kata.module, kata.time_limit
        )
        report = self.runner.run(job)
        files = {
            file: workspace.read(file) or ""
            for file in {one.file for one in self.course.curriculum.katas}
        }
        verdict = judge(Case(self.course, kata, code, files, self.is_open), report)
        if verdict.status is not Status.FAILED:
            return verdict
        return verdict.noting(*self._red_below(kata, files, report.imported))

    def _red_below(
        self, kata: Kata, files: Mapping[str, str], imported: Sequence[str]
    ) -> Iterator[str]:
        """Yield a word on earlier katas whose red answers were part of this run."""
        regions = {
            region: text
            for one in imported
            for region, text in regions_in(files.get(one, "")).items()
        }
        earlier = takewhile(lambda one: one != kata, self.course.curriculum.katas)
        red = [one.id for one in earlier if self._is_red(one, regions)]
        if red:
            are, them = ("is", "it") if len(red) == 1 else ("are", "them")
            yield (
                f"{listed(red)} {are} red, and this kata was checked with {them}: what "
                "is said here may come from there."
            )

    def _is_red(self, kata: Kata, regions: Mapping[str, str]) -> bool:
        """Tell whether an answer stands among these regions that is not green."""
        text = regions.get(kata.id, self.course.starting_code(kata))
        return text != self.course.starting_code(kata) and self.is_open(kata)


def _ended_without_a_line(verdict: Verdict) -> bool:
    problem = verdict.problem
    return verdict.status is Status.BROKEN and bool(problem and not problem.line)


def _reason(blocked: Verdict) -> str:
    """Return which kata was waited for, and why."""
    happened = blocked.problem.happened if blocked.problem else blocked.waits_for
    return happened.removeprefix("This kata waits for ")
