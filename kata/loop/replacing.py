"""Other code in the place of an answer: the reference, the stub, an earlier attempt."""

from collections.abc import Callable
from dataclasses import dataclass

from kata.course.curriculum import Kata
from kata.errors import KataError
from kata.loop.writer import Writer
from kata.progress.records import Origin
from kata.source.cell import without_option
from kata.verdict import Status, Verdict


@dataclass(frozen=True)
class Replacing:
    """Replaces answers on disk. What was there is in history before."""

    writer: Writer

    def with_reference(self, kata: Kata) -> None:
        """Write the reference in the place of a kata's answer; it counts as given."""
        self._give(kata, self.writer.answers.course.cells(kata).reference)

    def _give(self, kata: Kata, source: str) -> None:
        answers = self.writer.answers
        with answers.progress.alone():
            attempt = answers.progress.remember(kata.id, source, Origin.REFERENCE)
            self.writer.write(kata, source, kata.parse(source))
            # CI proves that the reference passes; nothing is gained by a wait here.
            answers.progress.conclude(attempt, Status.GIVEN)
            answers.progress.judge_region(kata.id, Status.GIVEN)

    def instead_of_an_answer(self, kata: Kata) -> int:
        """Write the reference where somebody asks for it; green answers stay.

        Returns the number in history of what was there, 0 where there was no answer.
        """
        self._refuse_replaced(kata)
        answers = self.writer.answers
        if answers.status(kata) is Status.PASSED:
            raise KataError(
                f"{kata.id} is green already, so your own answer stays.",
                f"`kata diff {kata.id}` shows the reference beside it.",
            )
        kept = 0
        if answers.present(kata) and not answers.given(kata):
            kept = self.writer.kept(kata)
        self.with_reference(kata)
        return kept

    def with_stub(self, kata: Kata) -> int:
        """Write the starting code, if there is more than that.

        Returns the number in history of what was there, 0 where there was no answer.
        """
        self._refuse_replaced(kata)
        answers = self.writer.answers
        if not answers.present(kata):
            return 0
        stub = answers.course.cells(kata).stub
        code = kata.parse(stub)
        kept = self.writer.kept(kata)
        self.writer.put(kata, stub, code)
        return kept

    def with_attempt(
        self,
        kata: Kata,
        number: int,
        run_cell: Callable[[str], Verdict],
        check: Callable[[Kata], Verdict],
    ) -> Verdict:
        """Run an attempt again as the kata's answer, by its number in history.

        What was given comes back as given, and is checked.
        """
        self._refuse_replaced(kata)
        answers = self.writer.answers
        attempt = answers.progress.attempt(kata.id, number)
        source = without_option(answers.cell(kata, attempt.source), "variant")
        kept = self.writer.kept(kata)
        if attempt.origin is Origin.REFERENCE:
            self._give(kata, source)
            verdict = check(kata)
        else:
            if answers.is_stub(kata, source):
                self.with_stub(kata)
            verdict = run_cell(source)
        if not answers.was_written_from(kata, source):
            return verdict
        was = f" What was there is attempt {kept}." if kept not in {0, number} else ""
        return verdict.noting(f"Attempt {number} is in {kata.file} again.{was}")

    def _refuse_replaced(self, kata: Kata) -> None:
        if successor := self.writer.answers.successor(kata):
            raise KataError(
                f"{kata.id} has no place of its own any more: in {kata.file} "
                f"{successor.id} has taken it.",
                f"Its verdict stays. `kata history {kata.id}` shows what you wrote.",
            )
