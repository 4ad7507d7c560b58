"""How long a lesson may be, in words, in minutes and in katas."""

from dataclasses import dataclass

Range = tuple[int, int]


@dataclass(frozen=True)
class Limits:
    """The bounds of one course; a sample of three katas has others than a real one."""

    words: Range = (900, 2000)
    """Of prose in a lesson as the learner gets it. 1,700 are meant to be the most; a
    lesson with seven katas needs the rest."""
    explained: Range = (60, 170)
    """Words about an example. 80 to 150 are meant; the rest is so that nobody pads."""
    core_minutes: int = 45
    """As long as a newcomer works with attention."""
    core_katas: Range = (3, 6)
    """Four or five are meant; a lesson of small ones may have six, one of large ones
    three."""


LIMITS = Limits()
