"""A process of its own that does something whenever it is asked, and times it."""

import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path


class Served:
    """Such a process. It gets a line for each wish, and answers with a line."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def run(self) -> float:
        """Have it done once; return the seconds, or raise what it said instead."""
        if not self._process.stdin or not self._process.stdout:
            raise RuntimeError("the process has no pipes")
        self._process.stdin.write("run\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline().strip()
        try:
            return float(answer)
        except ValueError:
            raise RuntimeError(answer or "the process ended") from None


@contextmanager
def served(
    command: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> Iterator[Served]:
    """Start the process; it ends with the block."""
    with subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            yield Served(process)
        finally:
            process.kill()
