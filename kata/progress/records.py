"""What progress holds: attempts, and the cells that regions were written from."""

from dataclasses import dataclass
from enum import StrEnum

from kata.verdict import Status


class Origin(StrEnum):
    """Where a piece of history came from."""

    CELL = "cell"
    EDITOR = "editor"
    REFERENCE = "reference"


@dataclass(frozen=True)
class Attempt:
    """One thing that was run, or that was kept before it was replaced."""

    id: int
    kata: str
    at: str
    origin: Origin
    source: str
    status: Status | None


@dataclass(frozen=True)
class WrittenRegion:
    """The cell that a region of the service was last written from."""

    source: str
    status: Status | None
