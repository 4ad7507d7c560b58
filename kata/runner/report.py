"""The small interface that every way of running checks keeps to."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol, Self

from kata.verdict import Exchange

FLOOD = 10_000_000
"""Bytes of output after which a run is stopped."""
KEPT = 8_000
"""Bytes of output that are kept for the verdict."""


SERVICE = "waybill"
"""The package that checks are about where no module is named."""


class Ending(StrEnum):
    """How a run ended."""

    FINISHED = "finished"
    TIMED_OUT = "timed out"
    """It has computed for as long as it may."""
    WAITED = "waited"
    """It has waited for as long as it may, without anything to compute."""
    STARVED = "starved"
    """It has done neither, for far too long: the machine is busy with other things."""
    DIED = "died"
    FLOODED = "flooded"
    FAULTY = "faulty"
    """The checks themselves could not be run."""
    TAMPERED = "tampered"
    """The code under test changed how checks are run."""


@dataclass(frozen=True)
class Job:
    """What to run: a file of checks, against the service below `root`.

    `module` is imported before the first check, where one is named. `time_limit` is in
    seconds, of which it may compute so many, and wait as many; see `kata.runner.clock`.
    A proof may want to know no more than whether an answer is refused, and by which
    check: with `to_the_first_refusal` nothing runs after that.
    """

    checks: Path
    root: Path
    module: str
    time_limit: float
    to_the_first_refusal: bool = False

    @property
    def suite(self) -> Path:
        """The folder of all checks, with the pytest.ini and the conftest they share."""
        return self.checks.parent.parent

    @property
    def service(self) -> Path:
        """The folder of the service under test."""
        return self.root / (self.module.partition(".")[0] or SERVICE)


@dataclass(frozen=True)
class Frame:
    """A line of a file below the job's root, in a traceback; outermost first."""

    file: str
    line: int


@dataclass(frozen=True)
class Parted:
    """Where two values that a check compared part; `path` leads there from the top."""

    path: str
    left: str
    right: str


@dataclass(frozen=True)
class Failure:
    """An exception, as far as a learner's verdict needs it."""

    type: str
    message: str
    frames: tuple[Frame, ...] = ()
    exchange: Exchange | None = None
    module: str = ""
    """The module an ImportError is about."""
    name: str = ""
    """The name that an ImportError, NameError or AttributeError misses."""
    report: str = ""
    """pytest's own report."""
    behind: "Failure | None" = None
    """What the code under test raised before the check said what was wrong."""
    parted: Parted | None = None


@dataclass(frozen=True)
class CheckReport:
    """One run of one check; a parametrised check has several."""

    check: str
    failure: Failure | None = None
    skipped: str = ""
    unawaited: Failure | None = None
    """The line that made a coroutine which nobody awaited."""


@dataclass(frozen=True)
class Report:
    """Everything a run said. `detail` tells how a process that died ended."""

    ending: Ending
    detail: str = ""
    imported: tuple[str, ...] = ()
    """The files below the root that were imported; none where that failed."""
    lasting: tuple[str, ...] = ()
    """What importing them changed for the whole process: it "sets a timer"."""
    import_failure: Failure | None = None
    checks: tuple[CheckReport, ...] = ()
    running: str = ""
    """The check that had begun and not ended."""
    stuck: tuple[Frame, ...] = ()
    printed: str = ""


class Runner(Protocol):
    """Something that runs checks where they can do no harm."""

    def run(self, job: Job) -> Report:
        """Run a job and say what happened; never raises for what a cell does."""


class BackEnd(Runner):
    """A runner that may keep something ready between runs, and has to be closed."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self, suite: Path | None = None) -> None:
        """Get ready for the checks of a suite, without waiting, where that helps."""

    def close(self) -> None:
        """End what was kept ready."""
