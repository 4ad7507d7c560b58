"""The floor under a verdict: a kata's checks alone, in a process that is warm.

Nothing is isolated, stored or explained, and pytest's own preparations don't count:
what is timed is the loop over the checks, in which they import the service anew.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kata.runner.report import Job

QUIET = ["-p", "no:terminal", "-p", "no:cacheprovider", "-p", "anyio"]


@contextmanager
def floor(job: Job) -> Iterator["Floor"]:
    """Start the process; it ends with the block."""
    command = [sys.executable, __file__, str(job.checks)]
    with subprocess.Popen(
        command,
        cwd=job.root,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            yield Floor(process)
        finally:
            process.kill()


class Floor:
    """A warm process that runs one file of checks, again and again."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def run(self) -> float:
        """Run the checks once; they have to pass. Return their seconds."""
        if not self._process.stdin or not self._process.stdout:
            raise RuntimeError("the process has no pipes")
        self._process.stdin.write("run\n")
        self._process.stdin.flush()
        status, _, seconds = self._process.stdout.readline().partition(" ")
        if status != "0":
            sys.exit(f"The checks did not pass: {status or 'the process ended'}")
        return float(seconds)


def serve(checks: Path) -> None:
    """Run the checks for each line on standard input; answer status and seconds."""
    import pytest

    class Stopwatch:
        seconds = 0.0

        @pytest.hookimpl(wrapper=True)
        def pytest_runtestloop(self) -> Iterator[None]:
            start = time.perf_counter()
            result = yield
            self.seconds = time.perf_counter() - start
            return result

    answers, stopwatch = sys.stdout, Stopwatch()
    sys.stdout = sys.stderr
    sys.path.insert(0, "")
    for _ in sys.stdin:
        for name in [
            name for name in sys.modules if name.partition(".")[0] == "waybill"
        ]:
            del sys.modules[name]
        config = checks.parent.parent / "pytest.ini"
        arguments = [*QUIET, "-c", str(config), str(checks)]
        status = pytest.main(arguments, [stopwatch])
        answers.write(f"{int(status)} {stopwatch.seconds}\n")
        answers.flush()


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
