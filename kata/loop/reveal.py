"""The reference, beside the learner's answer, once it may be seen."""

from contextlib import suppress
from dataclasses import dataclass

from kata.course.curriculum import Kata
from kata.errors import KataError
from kata.loop.loop import Loop
from kata.source.cell import lines_of, option_lines, options
from kata.source.compare import Line, as_text, compare, compare_texts
from kata.source.file import NotPythonError


@dataclass(frozen=True)
class Revealed:
    """What there is to learn from a kata that is done."""

    kata: str
    lines: tuple[Line, ...]
    """Yours beside the reference; none where both say the same."""
    reference: str
    """The reference's code."""
    others: tuple[tuple[str, str], ...]
    """Further right answers: what each is called, and its code."""
    explanation: str
    """Why the reference is as it is, as Markdown."""


def reveal(loop: Loop, kata: Kata, *, spoil: bool = False) -> Revealed:
    """Compare an answer with the reference; before green only if asked to spoil it."""
    if not spoil and not loop.status(kata).is_done:
        raise KataError(
            f"{kata.id} is not green yet, so its reference stays covered.",
            f"`kata hint {kata.id}` helps, and `kata check {kata.id}` says how far you "
            "are. `--spoil` uncovers it all the same.",
        )
    cells = loop.course.cells(kata)
    mine, reference = (
        _code(kata, source) for source in (_answer(loop, kata), cells.reference)
    )
    return Revealed(
        kata.id,
        (compare if kata.is_python else compare_texts)(mine, reference),
        reference,
        tuple((_title(other), _code(kata, other)) for other in cells.solutions[1:]),
        cells.explanation,
    )


def _answer(loop: Loop, kata: Kata) -> str:
    text = loop.answers.on_disk(kata)
    stored = loop.answers.sources().get(kata.id)
    if stored and (loop.answers.as_written(kata) or text is None):
        return stored
    return loop.answers.cell(kata, text) if text else loop.course.cells(kata).stub


def _title(source: str) -> str:
    return options(source).get("variant", "another way")


def _code(kata: Kata, source: str) -> str:
    with suppress(NotPythonError):
        return as_text(kata.parse(source))
    return "\n".join(lines_of(source)[len(option_lines(source)) :])
