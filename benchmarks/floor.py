"""The floor under a verdict: a kata's checks alone, in a process that is warm.

Nothing is isolated, stored or explained, and pytest's own preparations don't count:
what is timed is the loop over the checks, in which they import the service anew.
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from served import Served, served

from kata.runner.environment import clean_environment
from kata.runner.report import Job

QUIET = ["-p", "no:terminal", "-p", "no:cacheprovider", "-p", "anyio"]


def floor(job: Job) -> AbstractContextManager[Served]:
    """Return a process that runs a job's checks whenever it is asked to."""
    command = [sys.executable, __file__, str(job.checks)]
    return served(command, job.root, clean_environment())


def serve(checks: Path) -> None:
    """Run the checks for each line on standard input; answer with their seconds."""
    import pytest

    class Stopwatch:
        seconds = 0.0
        failed: tuple[str, ...] = ()

        @pytest.hookimpl(wrapper=True)
        def pytest_runtestloop(self) -> Iterator[None]:
            start = time.perf_counter()
            result = yield
            self.seconds = time.perf_counter() - start
            return result

        def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
            if report.failed:
                self.failed += (report.nodeid.rpartition("::")[2],)

    answers = sys.stdout
    sys.stdout = sys.stderr
    # A check may go to another folder, so a relative path would lead elsewhere.
    sys.path.insert(0, str(Path.cwd()))
    home = Path.cwd()
    for _ in sys.stdin:
        os.chdir(home)
        for name in [
            name
            for name in sys.modules
            if name.partition(".")[0] in {"waybill", "tests"}
        ]:
            del sys.modules[name]
        config = checks.parent.parent / "pytest.ini"
        arguments = [*QUIET, "-c", str(config), str(checks)]
        stopwatch = Stopwatch()
        status = pytest.main(arguments, [stopwatch])
        failed = ", ".join(stopwatch.failed) or f"pytest's exit code was {status:d}"
        answers.write(f"{stopwatch.seconds if status == 0 else failed}\n")
        answers.flush()


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
