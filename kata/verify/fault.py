"""What `kata verify` reports: one thing that is wrong with the course."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The kinds of fault, each with the sentence that heads it."""

    STUB = "a stub that does not run, or is not red"
    ANSWER = "a right answer that is refused"
    WRONG_ANSWER = "a wrong answer that is not refused as its header says"
    MUTANT = "a change to the reference that no check notices"
    MESSAGE = "a refusal that does not help"
    COUNT = "too few answers to trust the checks"
    HINT = "hints that do not lead to the answer, or give it away"
    RULE = "a check whose docstring is no rule"
    LAYOUT = "a file that is missing, extra or misspelt"
    NOTEBOOK = "a master whose cells are not in order"
    STORED = "a stored output that is not what a learner should see"
    SYNC = "a derived file that differs from its master"
    EXAMPLE = "an example that doesn't run by itself, or is the answer"
    SHOWN = "a name of a library that a solution needs and nothing has shown"
    TASK = "a kata whose texts don't lead from the problem to the task"
    PROMISE = "a promise without a check, or a check without a promise"
    PROSE = "prose outside the limits"
    WARNING = "a reference that warns"
    UNAVAILABLE = "a kata that can't be proven on this machine"


@dataclass(frozen=True)
class Fault:
    """One fault: its kind, the kata or lesson it is in, and what to mend."""

    kind: Kind
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"
