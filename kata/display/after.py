"""What follows a green verdict: the next step, and our answer, folded."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from kata.course.curriculum import Kata
from kata.display.markdown import rendered
from kata.display.styles import CODE
from kata.loop.loop import Loop
from kata.loop.next_step import Next, next_step
from kata.loop.reveal import Revealed, reveal
from kata.verdict import Status

SUMMARY = "Our answer and why"


@dataclass(frozen=True)
class After:
    """The next step, and what there is to learn from ours."""

    kata: str
    next: Next
    compare: str
    """The command that shows both answers side by side: `%diff`, `kata diff`."""
    revealed: Revealed | None = None
    """Our answer; None where it stands beside the verdict anyway."""

    @property
    def praise(self) -> str:
        """One word, and the next step by name."""
        if self.next.kata is None:
            green = "green or given" if self.next.given else "green"
            return (
                f"Well done. Every kata is {green}: `kata run` serves what you built, "
                "and `kata summary` tells what that is."
            )
        place = "this notebook" if self.next.here else self.next.notebook
        return f"Well done. Next: `{self.next.kata.id}`, in {place}."

    @property
    def pointer(self) -> str:
        """Where our answer is, for a display that can't fold."""
        return f"{SUMMARY}: `{self.compare} {self.kata}`."

    def fold(self) -> str:
        """Return our answer, why it is so, and further right answers, as HTML."""
        return (
            f"<details><summary>{SUMMARY}</summary>{''.join(self._inside())}</details>"
        )

    def _inside(self) -> Iterator[str]:
        if self.revealed is None:
            return
        yield _code(self.revealed.reference)
        yield f"<div>{rendered(self.revealed.explanation)}</div>"
        for title, code in self.revealed.others:
            yield f"<div><strong>Also right:</strong> {escape(title)}</div>"
            yield _code(code)


def after_green(
    loop: Loop, kata: Kata, compare: str, *, fold: bool = False
) -> After | None:
    """Return what follows a kata's verdict if it is green, with our answer to fold."""
    if loop.status(kata) is not Status.PASSED:
        return None
    revealed = reveal(loop, kata) if fold else None
    return After(kata.id, next_step(loop, kata), compare, revealed)


def _code(code: str) -> str:
    return f'<pre style="{CODE}">{escape(code)}</pre>'
