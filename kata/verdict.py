"""What a run of a kata's checks came to: plain data, shown by every front end."""

from dataclasses import dataclass, replace
from enum import StrEnum


class Status(StrEnum):
    """The seven things that can be said of a kata."""

    PASSED = "passed"
    FAILED = "failed"
    BROKEN = "broken"
    UNTOUCHED = "untouched"
    BLOCKED = "blocked"
    UNAVAILABLE = "unavailable"
    GIVEN = "given"
    """The reference stands in for an answer of the learner's own."""

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do: what can't be checked here counts for none."""
        return self.is_right or self is Status.UNAVAILABLE

    @property
    def is_right(self) -> bool:
        """Whether the code is right, be it the learner's or the reference's."""
        return self in {Status.PASSED, Status.GIVEN}


class Outcome(StrEnum):
    """What became of one rule."""

    HOLDS = "holds"
    FAILS = "fails"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Rule:
    """One check: its name, the docstring the learner reads, and what became of it."""

    check: str
    text: str
    outcome: Outcome = Outcome.UNKNOWN


@dataclass(frozen=True)
class Exchange:
    """An HTTP request and its response; `response` is empty if none came back."""

    request: str
    sent: str = ""
    response: str = ""
    received: str = ""


@dataclass(frozen=True)
class Line:
    """A line of the learner's code, counted from 1: of the cell, or of `file`."""

    number: int
    text: str
    file: str = ""


@dataclass(frozen=True)
class Problem:
    """The first thing that is wrong, in the learner's terms."""

    happened: str
    rule: str = ""
    exchange: Exchange | None = None
    line: Line | None = None
    next_step: str = ""
    report: str = ""
    parting: tuple[str, ...] = ()
    """Lines that show, one below the other, where two values part."""


@dataclass(frozen=True)
class Verdict:
    """One kata, one status, its rules, and what to say about them."""

    kata: str
    title: str
    status: Status
    file: str
    rules: tuple[Rule, ...] = ()
    problem: Problem | None = None
    notes: tuple[str, ...] = ()
    printed: str = ""
    waits_for: str = ""
    """The kata that blocks this one."""
    imported: tuple[str, ...] = ()
    """The files of the service that were imported without an error."""
    lasting: tuple[str, ...] = ()
    """What importing them changes for the whole process: it "sets a timer"."""

    @property
    def holding(self) -> int:
        """How many rules hold."""
        return sum(rule.outcome is Outcome.HOLDS for rule in self.rules)

    def noting(self, *notes: str) -> "Verdict":
        """Return the same verdict with further notes for the learner."""
        return replace(self, notes=(*self.notes, *notes))
