"""What stands on disk, judged as it is, and what is noted of it."""

from dataclasses import dataclass, replace

from kata.course.curriculum import Kata
from kata.loop.answers import Answers
from kata.loop.beside import Beside
from kata.verdict import Status, Verdict


@dataclass(frozen=True)
class Standing:
    """Checks answers where they stand. What is given stays given."""

    beside: Beside

    @property
    def answers(self) -> Answers:
        """What is on disk, and what is stored of it."""
        return self.beside.writer.answers

    def check(self, kata: Kata) -> Verdict:
        """Check a kata against the files on disk, without changing them."""
        stored = self.answers.sources().get(kata.id)
        if self.answers.successor(kata) and stored:
            verdict = self.beside.where_it_stood(kata, stored)
            return self._unless_given(kata, verdict)
        if self.answers.on_disk(kata) is None:
            rules = self.answers.course.rules(kata)
            verdict = Verdict(kata.id, kata.title, Status.UNTOUCHED, kata.file, rules)
            return verdict.noting("Its cell has not been run yet.")
        attempt = self.beside.writer.adopt_edits(kata)
        source = self._source(kata)
        verdict = self.beside.checker.run(kata, self.answers.workspace, None)
        if not self.answers.present(kata):
            verdict = as_task(verdict)
        if attempt:
            self.answers.progress.conclude(attempt, verdict.status)
        if self.answers.as_written(kata):
            self.note(kata, verdict, source)
        return self._unless_given(kata, verdict)

    def stays(self, kata: Kata) -> Verdict:
        """Check an answer that the starting code, run again, did not replace."""
        source = self._source(kata)
        verdict = self.beside.checker.run(kata, self.answers.workspace, None)
        if self.answers.as_written(kata):
            self.note(kata, verdict, source)
        if self.answers.given(kata):
            return self._unless_given(kata, verdict)
        return verdict.noting(
            f"This cell holds the starting code again. {kata.file} keeps the answer "
            f"you ran before, and that is what was checked; `kata history {kata.id}` "
            "shows it."
        )

    def where_it_stood(self, kata: Kata, source: str, *, stub: bool) -> Verdict:
        """Check a kata whose place another has taken; what was given may be solved."""
        stored = self.answers.sources().get(kata.id)
        if stub and stored:
            verdict = self.beside.where_it_stood(kata, stored)
            return self._unless_given(kata, verdict)
        verdict = self.beside.where_it_stood(kata, source)
        if verdict.status is Status.PASSED and self.answers.given(kata):
            self.answers.progress.write_region(kata.id, source)
            self.note(kata, verdict, source)
        return verdict

    def note(self, kata: Kata, verdict: Verdict, source: str) -> None:
        """Store a verdict on a cell: another notebook may have written one since."""
        # What blocks a kata says nothing about its own answer, and the reference that
        # stands there stays the reference.
        if verdict.status is not Status.BLOCKED and not self.answers.given(kata):
            self.answers.progress.judge_region(kata.id, verdict.status, source)

    def _unless_given(self, kata: Kata, verdict: Verdict) -> Verdict:
        """Show as given what is green, and the reference's."""
        if verdict.status is not Status.PASSED or not self.answers.given(kata):
            return verdict
        return replace(verdict, status=Status.GIVEN).noting(
            f"{kata.file} holds the reference here, and that is what was checked. It "
            "counts as given until an answer of your own passes."
        )

    def _source(self, kata: Kata) -> str:
        """Return the cell that a kata's region was last written from."""
        region = self.answers.regions().get(kata.id)
        return region.source if region else ""


def as_task(verdict: Verdict) -> Verdict:
    """Show what fails on a stub as the task that it is."""
    if verdict.status is Status.FAILED:
        return replace(verdict, status=Status.UNTOUCHED)
    return verdict
