"""Hints: one rung at a time, and which of them were read."""

from collections.abc import Iterator
from dataclasses import dataclass

from kata.course.curriculum import Kata
from kata.errors import KataError
from kata.loop.loop import Loop


@dataclass(frozen=True)
class Hint:
    """One rung of a kata's hints, as Markdown; rungs count from 1."""

    kata: str
    number: int
    of: int
    text: str

    @property
    def title(self) -> str:
        """What stands above it."""
        return f"Hint {self.number} of {self.of} for {self.kata}"

    @property
    def last(self) -> bool:
        """Whether no rung follows."""
        return self.number == self.of


def next_hint(loop: Loop, kata: Kata) -> Hint:
    """Return the first hint that was not read yet, or the last; it counts as read."""
    hints = _hints(loop, kata)
    return hints[loop.progress.next_hint(kata.id, len(hints))]


def all_hints(loop: Loop, kata: Kata) -> tuple[Hint, ...]:
    """Return every hint; they all count as read."""
    hints = _hints(loop, kata)
    loop.progress.read_hints(kata.id, len(hints))
    return hints


def _hints(loop: Loop, kata: Kata) -> tuple[Hint, ...]:
    texts = loop.course.cells(kata).hints
    if not texts:
        raise KataError(f"{kata.id} has no hints.", "Read its rules once more.")
    return tuple(_rungs(kata.id, texts))


def _rungs(kata: str, texts: tuple[str, ...]) -> Iterator[Hint]:
    for number, text in enumerate(texts, start=1):
        yield Hint(kata, number, len(texts), text)
