"""The loop: a cell in, a verdict out, and nothing lost on the way."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from kata.course.course import Course
from kata.course.curriculum import Kata, Lesson
from kata.errors import KataError
from kata.judge.judge import Case, judge
from kata.loop.answers import Answers
from kata.loop.writer import Writer
from kata.progress.progress import Origin, Progress
from kata.runner.report import Job, Runner
from kata.source.cell import lines_of, normalised, options, without_option
from kata.source.file import CellCode, NotPythonError, parse_cell, regions_in
from kata.verdict import Line, Problem, Status, Verdict
from kata.workspace import scratch
from kata.workspace.workspace import Workspace


@dataclass
class Loop:
    """A learner's course, folder and progress, and a way to run checks."""

    course: Course
    workspace: Workspace
    runner: Runner
    notes: list[str] = field(default_factory=list)
    """What the learner should be told with the next verdict."""

    def __post_init__(self) -> None:
        self.progress = Progress(self.workspace.progress_path, self.notes.append)
        self.answers = Answers(self.course, self.workspace, self.progress)
        self.writer = Writer(self.answers, self.notes.append)

    def run_cell(self, source: str) -> Verdict:
        """Store a kata's cell, write it into the service, check it, and judge it.

        An unknown id, a folder that can't be written and the like are a `KataError`;
        the attempt is stored all the same wherever it can be.
        """
        kata = self.course.curriculum.kata(options(source)["kata"])
        attempt = self.progress.remember(kata.id, source)
        verdict = self._verdict_on(kata, source)
        self.progress.conclude(attempt, verdict.status)
        return verdict.noting(*self.told())

    def check(self, kata: Kata) -> Verdict:
        """Check a kata against the files on disk, without changing them."""
        stored = self.answers.sources().get(kata.id)
        if self.answers.successor(kata) and stored:
            verdict = self._check_where_it_stood(kata, stored)
            return verdict.noting(*self.told())
        if self.answers.on_disk(kata) is None:
            rules = self.course.rules(kata)
            verdict = Verdict(kata.id, kata.title, Status.UNTOUCHED, kata.file, rules)
            return verdict.noting("Its cell has not been run yet.", *self.told())
        attempt = self.writer.adopt_edits(kata)
        verdict = self._run(kata, self.workspace, None)
        if not self.answers.present(kata):
            verdict = _as_task(verdict)
        if attempt:
            self.progress.conclude(attempt, verdict.status)
        if self.answers.as_written(kata):
            self._note(kata, verdict)
        return verdict.noting(*self.told())

    def status(self, kata: Kata) -> Status:
        """Return a kata's status from what is stored, without running anything."""
        return self.answers.status(kata)

    def statuses(self, katas: Iterable[Kata]) -> dict[str, Status]:
        """Return the statuses of many katas, by id, from one look at what is stored."""
        answers = self.answers.at_once()
        return {kata.id: answers.status(kata) for kata in katas}

    def catch_up(self, lesson: Lesson) -> list[Kata]:
        """Fill the regions missing before a lesson from the reference; say which."""
        filled = []
        for kata in self.course.katas_before(lesson):
            if not self.answers.present(kata):
                self._write_reference(kata)
                filled.append(kata)
        return filled

    def replace_red(self, lesson: Lesson) -> list[Kata]:
        """Put the reference in the place of red answers before a lesson; say which.

        Each answer is checked first, in order. What was there is in history.
        """
        replaced = []
        for kata in self.course.katas_before(lesson):
            if self.answers.successor(kata) or not self.answers.present(kata):
                continue
            if self.check(kata).status in {Status.FAILED, Status.BROKEN}:
                self._write_reference(kata)
                replaced.append(kata)
        return replaced

    def _write_reference(self, kata: Kata) -> None:
        source = self.course.cells(kata).reference
        attempt = self.progress.remember(kata.id, source, Origin.REFERENCE)
        self.writer.write(kata, source, parse_cell(source))
        # CI proves that the reference passes; nothing is gained by a wait here.
        self.progress.conclude(attempt, Status.PASSED)
        self.progress.judge_region(kata.id, Status.PASSED)

    def reset(self, kata: Kata) -> int:
        """Put a kata's starting code on disk again; its other code stays.

        Returns the number in history of what was there, 0 where there was no answer.
        """
        self._refuse_replaced(kata)
        if not self.answers.present(kata):
            return 0
        stub = self.course.cells(kata).stub
        code = parse_cell(stub)
        kept = self.writer.kept(kata)
        self.writer.put(kata, stub, code)
        return kept

    def restore(self, kata: Kata, number: int) -> Verdict:
        """Run an attempt again as the kata's answer, by its number in history."""
        self._refuse_replaced(kata)
        source = self.answers.cell(kata, self.progress.attempt(kata.id, number).source)
        source = without_option(source, "variant")
        kept = self.writer.kept(kata)
        if self._is_stub(kata, source):
            self.reset(kata)
        verdict = self.run_cell(source)
        if not self.answers.was_written_from(kata, source):
            return verdict
        was = f" What was there is attempt {kept}." if kept not in {0, number} else ""
        return verdict.noting(f"Attempt {number} is in {kata.file} again.{was}")

    def _refuse_replaced(self, kata: Kata) -> None:
        if successor := self.answers.successor(kata):
            raise KataError(
                f"{kata.id} has no place of its own any more: in {kata.file} "
                f"{successor.id} has taken it.",
                f"Its verdict stays. `kata history {kata.id}` shows what you wrote.",
            )

    def _is_stub(self, kata: Kata, source: str) -> bool:
        return normalised(source) == normalised(self.course.cells(kata).stub)

    def _verdict_on(self, kata: Kata, source: str) -> Verdict:
        try:
            code = parse_cell(source)
            if "variant" in options(source):
                return self._try_variant(kata, source, code)
            stub = self._is_stub(kata, source)
            if self.answers.successor(kata):
                stored = self.answers.sources().get(kata.id)
                return self._check_where_it_stood(kata, (stub and stored) or source)
            if stub and self.answers.present(kata):
                return self._answer_stays(kata)
            self.writer.write(kata, source, code)
        except KataError as error:
            return self._not_written(kata, source, error)
        verdict = self._run(kata, self.workspace, code)
        if stub:
            verdict = _as_task(verdict)
        self._note(kata, verdict)
        return verdict

    def _run(self, kata: Kata, workspace: Workspace, code: CellCode | None) -> Verdict:
        first = verdict = self._judge(kata, workspace, code)
        regions = regions_in(workspace.read(kata.file) or "")
        aside: list[str] = []
        reasons: list[str] = []
        # Another kata of the same file that does not run is no reason to send the
        # learner there, unless this one needs it: judge without it.
        while verdict.waits_for in regions and verdict.waits_for not in aside:
            aside.append(verdict.waits_for)
            reasons += [_reason(verdict)]
            verdict = self._judge_without(aside, kata, workspace, code)
        if not aside or verdict.status is Status.BLOCKED:
            return first
        return replace(verdict, imported=()).noting(
            f"{kata.file} does not import as a whole. Left out here: "
            + " Also: ".join(reasons)
        )

    def _judge_without(
        self, aside: list[str], kata: Kata, workspace: Workspace, code: CellCode | None
    ) -> Verdict:
        with scratch.copy_without(aside, kata.file, workspace) as copy:
            return self._judge(kata, copy, code)

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
        return judge(Case(self.course, kata, code, files), report)

    def _try_variant(self, kata: Kata, source: str, code: CellCode) -> Verdict:
        with scratch.copy_of(self.workspace) as copy:
            self.writer.write_file(kata, code, copy)
            verdict = self._run(kata, copy, code)
        title = options(source)["variant"]
        return verdict.noting(
            f"Another answer ({title}): checked, not kept. {kata.file} is as it was."
        )

    def _check_where_it_stood(self, kata: Kata, source: str) -> Verdict:
        """Check an answer whose place another has taken, on what came before it."""
        successor = self.answers.successor(kata)
        katas = self.course.curriculum.katas
        answers = self.answers.sources() | {kata.id: source}
        files = self.course.reference(katas[: katas.index(kata) + 1], answers)
        with scratch.holding(files) as copy:
            verdict = self._run(kata, copy, parse_cell(source))
        return replace(verdict, imported=()).noting(
            f"In {kata.file} {successor and successor.id} has taken its place, and "
            "stays. This was checked on your earlier katas alone."
        )

    def _answer_stays(self, kata: Kata) -> Verdict:
        verdict = self._run(kata, self.workspace, None)
        if self.answers.as_written(kata):
            self._note(kata, verdict)
        return verdict.noting(
            f"This cell holds the starting code again. {kata.file} keeps the answer "
            f"you ran before, and that is what was checked; `kata history {kata.id}` "
            "shows it."
        )

    def _not_written(self, kata: Kata, source: str, error: KataError) -> Verdict:
        line = None
        if isinstance(error, NotPythonError):
            lines = lines_of(source)
            text = lines[error.line - 1] if error.line <= len(lines) else ""
            line = Line(error.line, text)
        problem = Problem(error.happened, line=line, next_step=error.next_step)
        rules = self.course.rules(kata)
        return Verdict(
            kata.id, kata.title, Status.BROKEN, kata.file, rules, problem
        ).noting(f"{kata.file} is as it was.")

    def _note(self, kata: Kata, verdict: Verdict) -> None:
        # What blocks a kata says nothing about its own answer.
        if verdict.status is not Status.BLOCKED:
            self.progress.judge_region(kata.id, verdict.status)

    def told(self) -> list[str]:
        """Return the notes gathered so far, and forget them."""
        told, self.notes[:] = list(self.notes), []
        return told


def _as_task(verdict: Verdict) -> Verdict:
    """Show what fails on a stub as the task that it is."""
    if verdict.status is Status.FAILED:
        return replace(verdict, status=Status.UNTOUCHED)
    return verdict


def _reason(blocked: Verdict) -> str:
    """Return which kata was waited for, and why."""
    happened = blocked.problem.happened if blocked.problem else blocked.waits_for
    return happened.removeprefix("This kata waits for ")
