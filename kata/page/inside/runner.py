"""Checks run in the page's own Python, or were, until the page ended it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from kata.runner.evidence import read_evidence
from kata.runner.inprocess import InProcessRunner
from kata.runner.report import BackEnd, Ending, Job, Report


class PageRunner(BackEnd):
    """Runs checks right here, or reports on a run that did not come to its end."""

    def __init__(self, hear: Callable[[str], None]) -> None:
        self._here = InProcessRunner(hear)
        self._said: Sequence[str] | None = None

    def run(self, job: Job) -> Report:
        """Run a job, or report on the one that was ended."""
        if self._said is None:
            return self._here.run(job)
        return read_evidence(
            "\n".join(self._said),
            nonce="",
            ending=Ending.TIMED_OUT,
            returncode=0,
            printed="",
            stuck="",
            root=job.root,
        )

    @contextmanager
    def ended(self, said: Sequence[str]) -> Iterator[None]:
        """Report on a run that the page ended, and of which this is known.

        Nothing is run: the code that had no end is not started again.
        """
        self._said = said
        try:
            yield
        finally:
            self._said = None
