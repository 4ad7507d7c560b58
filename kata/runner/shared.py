"""One warm process for many clients: all notebooks of a course, all jobs of a proof."""

import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kata.runner.choice import best_runner
from kata.runner.warm import ADDRESS, WarmRunner, start_zygote


@contextmanager
def shared_warm_process() -> Iterator[None]:
    """Let the warm runners of this process, and of those it starts, share one.

    Each gets a fork of it, and so is as much by itself as with one of its own. Does
    nothing where one is shared already, or where another back end runs the checks.
    """
    if ADDRESS in os.environ or not isinstance(best_runner(), WarmRunner):
        yield
        return
    with listening_warm_process() as (address, _):
        os.environ[ADDRESS] = address
        try:
            yield
        finally:
            del os.environ[ADDRESS]


@contextmanager
def listening_warm_process() -> Iterator[tuple[str, int]]:
    """Start a warm process for whoever has its address; give that, and its number."""
    with tempfile.TemporaryDirectory(prefix="kata-") as folder:
        address = str(Path(folder, "warm"))
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(address)
            listener.listen()
            process = start_zygote(listener)
        try:
            yield address, process.pid
        finally:
            process.kill()
            process.wait()
