"""A busy machine, made for a test: one processor, which several loops share with it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

LOOPS = 7
"""So many loops leave an eighth of the processor to what the test runs."""

needs_one_processor = pytest.mark.skipif(
    not hasattr(os, "sched_setaffinity"), reason="no choice of processors here"
)


@contextmanager
def busy_machine(loops: int = LOOPS) -> Iterator[None]:
    """Let this process, and all it starts, run on one processor that others use too."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    loop = [sys.executable, "-S", "-c", "while True: pass"]
    others = [subprocess.Popen(loop) for _ in range(loops)]
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
        for other in others:
            other.kill()
            other.wait()
