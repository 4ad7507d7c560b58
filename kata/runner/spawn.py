"""The spawning back end: a fresh process for each run, started before it is needed.

It needs nothing that a system may lack. Where processes can't be forked safely, on
macOS and Windows, this is the fast one: while the learner reads and types, the next
process imports the stack, gets its pytest ready, and waits for the job.
"""

from pathlib import Path

from kata.runner.evidence import NEVER_BEGAN
from kata.runner.plain import PlainChild, PlainRunner
from kata.runner.report import BackEnd, Job, Report
from kata.runner.supervise import stamps, supervise


class SpawnRunner(BackEnd):
    """Runs each job in the process that stands by, and starts the next one.

    One run at a time. The process that stands by ends with `close`, or with Python.
    """

    def __init__(self) -> None:
        self._standby: PlainChild | None = None
        self._ready_for: object = None
        self._more = False

    def start(self, suite: Path | None = None) -> None:
        """Have a process stand by for the checks of a suite."""
        self._more = True
        if suite and not self._standby:
            self._stand_by(suite, None)

    def _stand_by(self, suite: Path, service: Path | None) -> None:
        self._ready_for = stamps(suite)
        self._standby = PlainChild(suite, ahead=True, service=service)

    def close(self) -> None:
        """End the process that stands by."""
        standby, self._standby = self._standby, None
        if standby:
            standby.end()
            standby.stdout.close()
            standby.stderr.close()

    def run(self, job: Job) -> Report:
        """Run a job; interrupting it ends the child and nothing else."""
        if self._ready_for != stamps(job.suite):
            self.close()
        child, self._standby = self._standby or PlainChild(job.suite), None
        report = supervise(child, job)
        if report.detail == NEVER_BEGAN:  # it may have been killed while it stood by
            report = PlainRunner().run(job)
        if self._more:  # a command that checks one kata would start it for nothing
            self._stand_by(job.suite, job.service)
        self._more = True
        return report
