"""What processor time `uv run pytest` takes: by test file, and the slowest tests.

python benchmarks/gate.py                        the whole suite, some minutes
python benchmarks/gate.py tests/cli tests/loop   a part of it
python benchmarks/gate.py --save before.json
python benchmarks/gate.py --against before.json  a column more: what it took then
python benchmarks/gate.py --read before.json     run nothing, show what was saved

User's and system's seconds are added, and those of the processes that a test starts:
a busy machine changes them less than what a clock says. What tests share counts for the
one that comes first. It reads /proc, so it is for Linux.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from figures import HOME
from gate_cpu import FOLDER
from rich.console import Console
from rich.table import Table

Seconds = dict[str, float]
START = f"""\
import sys
sys.path.append({str(HOME / "benchmarks")!r})
import pytest
sys.exit(pytest.main())
"""


def main() -> int:
    """Measure, print the tables, and return pytest's exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--save", type=Path, help="a file for the figures")
    parser.add_argument("--against", type=Path, help="such a file, to compare with")
    parser.add_argument("--read", type=Path, help="such a file, to show")
    parser.add_argument("--files", type=int, default=60, help="how many test files")
    parser.add_argument("--tests", type=int, default=100, help="how many tests")
    chosen, others = parser.parse_known_args()
    before = loaded(chosen.against) if chosen.against else {}
    code = 0
    if chosen.read:
        seconds = loaded(chosen.read)
    else:
        code, seconds = measured(others)
    if chosen.save:
        chosen.save.write_text(json.dumps(seconds, indent=1) + "\n", encoding="utf-8")
    console = Console()
    console.print(files(seconds, before, chosen.files))
    console.print(slowest(seconds, chosen.tests))
    return code


def loaded(file: Path) -> Seconds:
    """Return figures that were saved."""
    return dict(json.loads(file.read_text("utf-8")))


def measured(options: list[str]) -> tuple[int, Seconds]:
    """Run pytest; return its exit code, and the seconds of each test."""
    with tempfile.TemporaryDirectory() as folder:
        # Not by PYTHONPATH, which tests look at. Who runs them gets this path, too.
        command = [sys.executable, "-c", START, "-q", "-p", "gate_cpu", *options]
        environment = {**os.environ, FOLDER: folder}
        done = subprocess.run(command, cwd=HOME, env=environment, check=False)
        seconds: Counter[str] = Counter()
        for file in Path(folder).iterdir():
            for line in file.read_text("utf-8").splitlines():
                what, spent = json.loads(line)
                seconds[what] += spent
    return done.returncode, dict(seconds)


def files(seconds: Seconds, before: Seconds, most: int) -> Table:
    """Return the table of test files."""
    now, then, tests = Counter[str](), Counter[str](), Counter[str]()
    for test, spent in seconds.items():
        now[test.partition("::")[0]] += spent
        tests[test.partition("::")[0]] += 1
    for test, spent in before.items():
        then[test.partition("::")[0]] += spent
    total = sum(now.values())
    result = Table("file", title="Seconds of processor time by test file")
    for heading in ("tests", "seconds", "%", *(["before"] if before else [])):
        result.add_column(heading, justify="right")

    def add(name: str, number: int, spent: float, earlier: float) -> None:
        share = f"{100 * spent / total:.1f}" if total else ""
        shown = [str(number), f"{spent:.1f}", share]
        result.add_row(name, *shown, *([f"{earlier:.1f}"] if before else []))

    for name, spent in now.most_common(most):
        add(name, tests[name], spent, then[name])
    others = [name for name, _ in now.most_common()[most:]]
    if others:
        add(
            f"{len(others)} more",
            *(sum(one[name] for name in others) for one in (tests, now, then)),
        )
    add("all", sum(tests.values()), total, sum(then.values()))
    return result


def slowest(seconds: Seconds, most: int) -> Table:
    """Return the table of the slowest tests, those of a folder together."""
    tests = Counter(seconds).most_common(most)
    rooms: dict[str, list[tuple[str, float]]] = {}
    for test, spent in tests:
        room = str(Path(test.partition("::")[0]).parent)
        rooms.setdefault(room, []).append((test, spent))
    result = Table("test", "seconds", title=f"The {len(tests)} slowest, by folder")
    for room, members in sorted(
        rooms.items(), key=lambda one: -sum(spent for _, spent in one[1])
    ):
        result.add_section()
        whole = sum(spent for _, spent in members)
        result.add_row(f"[b]{room}[/b], {len(members)} tests", f"[b]{whole:.1f}[/b]")
        for test, spent in members:
            name = test.removeprefix(f"{room}/").replace("[", r"\[")
            result.add_row(f"  {name}"[:100], f"{spent:.1f}")
    return result


if __name__ == "__main__":
    sys.exit(main())
