"""The loop: a cell in, a verdict out, and nothing lost on the way."""

from collections.abc import Iterable
from dataclasses import InitVar, dataclass, field

from kata.course.course import Course
from kata.course.curriculum import Kata, Lesson
from kata.errors import KataError, listed
from kata.judge.advice import advice_on_syntax
from kata.loop.answers import Answers
from kata.loop.beside import Beside, Where
from kata.loop.checker import Checker
from kata.loop.replacing import Replacing
from kata.loop.standing import Standing, as_task
from kata.loop.writer import Writer
from kata.progress.progress import Progress
from kata.runner.report import Runner
from kata.source.cell import lines_of, options
from kata.source.file import NotPythonError
from kata.verdict import Line, Problem, Rule, Status, Verdict
from kata.workspace.workspace import Workspace

GUESS = " Perhaps you forgot a comma?"
"""What Python says of many a line that lacks no comma."""


@dataclass
class Loop:
    """A learner's course, folder and progress, and a way to run checks."""

    course: Course
    workspace: Workspace
    runner: InitVar[Runner]
    notes: list[str] = field(default_factory=list)
    """What the learner should be told with the next verdict."""

    def __post_init__(self, runner: Runner) -> None:
        self.progress = Progress(self.workspace.progress_path, self.notes.append)
        self.answers = Answers(self.course, self.workspace, self.progress)
        self._writer = Writer(self.answers, self.notes.append)
        self._checker = Checker(self.course, runner, self._is_open)
        self._beside = Beside(self._checker, self._writer)
        self._replacing = Replacing(self._writer)
        self._standing = Standing(self._beside)

    def run_cell(self, source: str, where: Where = Where.OWN) -> Verdict:
        """Store a kata's cell, write it into the service, check it, and judge it.

        An unknown id, a folder that can't be written and the like are a `KataError`;
        the attempt is stored all the same wherever it can be. An earlier attempt that
        is run elsewhere does not replace a newer green answer unawares.
        """
        kata = self.course.curriculum.kata(options(source)["kata"])
        older = 0 if where is Where.OWN else self.answers.older(kata, source)
        attempt = self.progress.remember(kata.id, source)
        verdict = self._verdict_on(kata, source, older, where)
        self.progress.conclude(attempt, verdict.status)
        return verdict.noting(*self.told())

    def check(self, kata: Kata) -> Verdict:
        """Check a kata against the files on disk, without changing them."""
        return self._standing.check(kata).noting(*self.told())

    def status(self, kata: Kata) -> Status:
        """Return a kata's status from what is stored, without running anything."""
        return self.answers.status(kata)

    def statuses(self, katas: Iterable[Kata]) -> dict[str, Status]:
        """Return the statuses of many katas, by id, from one look at what is stored."""
        answers = self.answers.at_once()
        return {kata.id: answers.status(kata) for kata in katas}

    def catch_up(self, lesson: Lesson) -> list[Kata]:
        """Fill the regions missing before a lesson from the reference; say which."""
        return self.fill(self.course.katas_before(lesson))

    def fill(self, katas: Iterable[Kata]) -> list[Kata]:
        """Fill those of these regions that are missing, in order; say which."""
        look = self.answers.at_once()
        missing = [kata for kata in katas if not look.present(kata)]
        filled = []
        if missing:
            with self.progress.alone():  # somebody else may have been quicker
                for kata in missing:
                    if not self.answers.present(kata):
                        self._replacing.with_reference(kata)
                        filled.append(kata)
        return filled

    def give(self, kata: Kata) -> int:
        """Fill one kata from the reference, unless it is green.

        What it uses of earlier katas that nobody wrote is filled as well, and told.
        Returns the number in history of what was there, 0 where there was no answer.
        """
        kept = self._replacing.instead_of_an_answer(kata)
        if more := [one.id for one in self.fill(self.course.needs(kata))]:
            that = "that is" if len(more) == 1 else "those are"
            self.notes.append(f"{kata.id} uses {listed(more)}: {that} given, too.")
        return kept

    def replace_red(self, lesson: Lesson) -> list[Kata]:
        """Put the reference in the place of red answers before a lesson; say which.

        Each answer is checked first, in order. What was there is in history.
        """
        replaced = []
        for kata in self.course.katas_before(lesson):
            if self.answers.successor(kata) or not self.answers.present(kata):
                continue
            if self.check(kata).status in {Status.FAILED, Status.BROKEN}:
                self._replacing.with_reference(kata)
                replaced.append(kata)
        return replaced

    def reset(self, kata: Kata) -> int:
        """Put a kata's starting code on disk again; its other code stays.

        Returns the number in history of what was there, 0 where there was no answer.
        """
        return self._replacing.with_stub(kata)

    def restore(self, kata: Kata, number: int) -> Verdict:
        """Run an attempt again as the kata's answer, by its number in history."""
        return self._replacing.with_attempt(kata, number, self.run_cell, self.check)

    def told(self) -> list[str]:
        """Return the notes gathered so far, and forget them."""
        told, self.notes[:] = list(self.notes), []
        return told

    def _verdict_on(self, kata: Kata, source: str, older: int, where: Where) -> Verdict:
        try:
            code = kata.parse(source)
            if "variant" in options(source):
                return self._beside.variant(kata, source, code)
            if older:
                verdict = self._beside.older(kata, source, code, older, where)
                if self.answers.was_written_from(kata, source):
                    self._standing.note(kata, verdict, source)
                return verdict
            stub = self.answers.is_stub(kata, source)
            if self.answers.successor(kata):
                return self._standing.where_it_stood(kata, source, stub=stub)
            with self.progress.alone():
                stays = stub and self.answers.present(kata)
                if not stays:
                    self._writer.write(kata, source, code)
        except KataError as error:
            return _not_written(kata, self.course.rules(kata), source, error)
        if stays:
            return self._standing.stays(kata)
        verdict = self._checker.run(kata, self.workspace, code)
        if stub:
            verdict = as_task(verdict)
        self._standing.note(kata, verdict, source)
        return verdict

    def _is_open(self, kata: Kata) -> bool:
        return not self.answers.status(kata).is_done


def _not_written(
    kata: Kata, rules: tuple[Rule, ...], source: str, error: KataError
) -> Verdict:
    """Say why a cell was not written into the service."""
    line, happened, next_step = None, error.happened, error.next_step
    if isinstance(error, NotPythonError):
        lines = lines_of(source)
        text = lines[error.line - 1] if error.line <= len(lines) else ""
        line = Line(error.line, text)
        advice = advice_on_syntax(happened, text) if kata.is_python else ""
        if advice:
            happened, next_step = happened.replace(GUESS, ""), advice
    problem = Problem(happened, line=line, next_step=next_step)
    verdict = Verdict(kata.id, kata.title, Status.BROKEN, kata.file, rules, problem)
    return verdict.noting(f"{kata.file} is as it was.")
