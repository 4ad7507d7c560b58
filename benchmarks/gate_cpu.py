"""A plugin of pytest: what processor time each test takes, its processes' included.

`benchmarks/gate.py` loads it, and reads what it writes: a line a test, in a file for
each process that runs tests.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

FOLDER = "GATE_CPU"
"""The environment variable that names the folder of those files."""
TICK = os.sysconf("SC_CLK_TCK")
PARENT, FIRST, LAST = 1, 11, 15
"""Where a process's line, after its name, tells its parent; and its own processor time,
user's and system's, and that of the children it has waited for."""


class Meter:
    """Reads how much processor time this process and all below it have had."""

    def __init__(self, file: Path) -> None:
        self._file = file.open("w", encoding="utf-8")
        self._before = 0.0

    def note(self, what: str) -> None:
        """Write what was used since the last note."""
        now = seconds_below(os.getpid())
        # What nobody has waited for is lost when it ends, and the sum is smaller then.
        spent = max(0.0, now - self._before)
        print(json.dumps([what, spent]), file=self._file, flush=True)
        self._before = now

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection(self) -> Iterator[None]:
        """Note what it takes to start, and to find all tests."""
        self.note("starting")
        try:
            return (yield)
        finally:
            self.note("collecting")

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Note what a test takes, with the fixtures made for it or ended after it."""
        try:
            return (yield)
        finally:
            self.note(item.nodeid)

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self) -> None:
        """Note what it takes to end."""
        self.note("ending")


def pytest_configure(config: pytest.Config) -> None:
    """Measure, but not where tests are only handed out."""
    if getattr(config.option, "numprocesses", None) and not hasattr(
        config, "workerinput"
    ):
        return
    file = Path(os.environ[FOLDER], f"{os.getpid()}.jsonl")
    config.pluginmanager.register(Meter(file), "gate-meter")


def seconds_below(root: int) -> float:
    """Return the processor time of a process, and of all that came of it."""
    spent: dict[int, float] = {}
    below: dict[int, list[int]] = {}
    for name in filter(str.isdecimal, os.listdir("/proc")):  # noqa: PTH208 - many names
        try:
            line = Path("/proc", name, "stat").read_text("utf-8", "replace")
        except OSError:  # gone meanwhile
            continue
        fields = line.rpartition(")")[2].split()
        spent[int(name)] = sum(map(int, fields[FIRST:LAST])) / TICK
        below.setdefault(int(fields[PARENT]), []).append(int(name))
    total, waiting = 0.0, [root]
    while waiting:
        one = waiting.pop()
        total += spent.get(one, 0.0)
        waiting += below.get(one, ())
    return total
