"""A verdict as another checkout of the course gives it: its engine, and its checks."""

import os
import sys
import tempfile
import time
from contextlib import AbstractContextManager
from pathlib import Path

from served import Served, served


def older(folder: Path, kata: str) -> AbstractContextManager[Served]:
    """Return a process that checks the reference of a kata whenever it is asked to."""
    folder = folder.resolve()
    # Nothing of this folder may come before what is there.
    command = [sys.executable, "-P", __file__, str(folder), kata]
    path = [folder, folder / "benchmarks", Path(__file__).parent]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, path))}
    return served(command, folder, environment)


def serve(folder: Path, kata: str) -> None:
    """Answer each line on standard input with the seconds that a verdict took."""
    from verdict import prepared, run

    from kata.course.course import Course
    from kata.runner.warm import WarmRunner

    answers = sys.stdout
    sys.stdout = sys.stderr
    with tempfile.TemporaryDirectory() as place, WarmRunner() as warm:
        job = prepared(Course(folder), kata, Path(place).resolve())
        for _ in sys.stdin:
            start = time.perf_counter()
            run(warm, job)
            answers.write(f"{time.perf_counter() - start}\n")
            answers.flush()


if __name__ == "__main__":
    serve(Path(sys.argv[1]), sys.argv[2])
