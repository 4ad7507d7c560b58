"""Answers that are checked beside the service: in a copy, which is not kept."""

from dataclasses import dataclass, replace
from enum import Enum, auto

from kata.course.curriculum import Kata
from kata.loop.checker import Checker
from kata.loop.writer import Writer
from kata.source.cell import options
from kata.source.file import CellCode
from kata.verdict import Status, Verdict
from kata.workspace import scratch


class Where(Enum):
    """In which of a notebook's cells a text was run, as far as the front end tells."""

    OWN = auto()
    """In the cell that the kata's answer came from, or where it is sure to be meant."""
    UNKNOWN = auto()
    ELSEWHERE = auto()
    """In another cell, which may be an old copy that "Run all" has come upon."""


@dataclass(frozen=True)
class Beside:
    """Checks variants of an answer, and katas whose place another one has taken."""

    checker: Checker
    writer: Writer

    def variant(self, kata: Kata, source: str, code: CellCode) -> Verdict:
        """Check another answer in the place of the learner's."""
        title = options(source)["variant"]
        return self._in_a_copy(kata, code).noting(
            f"Another answer ({title}): checked, not kept. {kata.file} is as it was."
        )

    def older(
        self, kata: Kata, source: str, code: CellCode, number: int, where: Where
    ) -> Verdict:
        """Check an earlier attempt before it takes the place of a newer, green answer.

        One that passes is the learner's answer again, unless it stands in another cell.
        That and a red one wait for a second run.
        """
        kept = self.writer.kept(kata)
        verdict = self._in_a_copy(kata, code)
        if verdict.status is Status.PASSED and where is Where.UNKNOWN:
            self.writer.write(kata, source, code)
            return verdict.noting(
                f"This is attempt {number} again, and {kata.file} holds it now. What "
                f"was there is attempt {kept}: `kata history {kata.id} --restore "
                f"{kept}` brings it back."
            )
        return replace(verdict, imported=()).noting(
            f"This is attempt {number} again. {kata.file} still holds your newer "
            f"answer, attempt {kept}, which passes. If this code is to take its "
            "place, run this cell once more."
        )

    def _in_a_copy(self, kata: Kata, code: CellCode) -> Verdict:
        answers = self.writer.answers
        texts = answers.course.curriculum.texts
        with scratch.copy_of(answers.workspace, texts) as copy:
            self.writer.write_file(kata, code, copy)
            return self.checker.run(kata, copy, code)

    def where_it_stood(self, kata: Kata, source: str) -> Verdict:
        """Check an answer whose place another has taken, on what came before it."""
        answers = self.writer.answers
        successor = answers.successor(kata)
        katas = answers.course.curriculum.katas
        cells = answers.sources() | {kata.id: source}
        files = answers.course.reference(katas[: katas.index(kata) + 1], cells)
        with scratch.holding(files) as copy:
            verdict = self.checker.run(kata, copy, kata.parse(source))
        return replace(verdict, imported=()).noting(
            f"In {kata.file} {successor and successor.id} has taken its place, and "
            "stays. This was checked on your earlier katas alone."
        )
