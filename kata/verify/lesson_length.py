"""How long a lesson may be, in words, in minutes and in katas."""

from dataclasses import dataclass

Range = tuple[int, int]


@dataclass(frozen=True)
class Limits:
    """The bounds of one course; a sample of three katas has others than a real one."""

    words: Range = (900, 2200)
    """Of prose in a lesson as the learner gets it, stretch katas included. 1,700 are
    meant to be the most; one with seven katas or more needs the rest. What counts is
    what newcomers take: 2,000 words with two stretch katas were 39 minutes of core.
    A sentence that answers a question of an examiner is worth more than the bound."""
    explained: Range = (60, 170)
    """Words about an example. 80 to 150 are meant; the rest is so that nobody pads."""
    core_minutes: int = 45
    """As long as a newcomer works with attention."""
    core_katas: Range = (3, 6)
    """Four or five are meant; a lesson of small ones may have six, one of large ones
    three."""


LIMITS = Limits()
