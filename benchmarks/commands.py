"""How long commands that run no check take, beside `python -c pass`, in one run.

python benchmarks/commands.py
python benchmarks/commands.py --rounds 5
"""

import argparse
import os
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from kata.course.course import Course
from kata.workspace import workspace

HOME = Path(__file__).resolve().parent.parent
KATA = str(Path(sysconfig.get_path("scripts")) / "kata")
COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "kata": [KATA],
    "kata --help": [KATA, "--help"],
    "kata hint models.address": [KATA, "hint", "models.address"],
    "kata history models.address": [KATA, "history", "models.address"],
}


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    with tempfile.TemporaryDirectory() as folder:
        place = workspace.create(Path(folder).resolve() / "my-waybill", Course(HOME))
        for _ in range(rounds):
            for name, command in COMMANDS.items():
                times[name].append(seconds(command, place.root))
    Console().print(table(times))


def seconds(command: list[str], folder: Path) -> float:
    """Run a whole process, and return how long it took."""
    environment = {**os.environ, "KATA_COURSE": str(HOME)}
    started = time.perf_counter()
    subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, check=True
    )
    return time.perf_counter() - started


def table(times: dict[str, list[float]]) -> Table:
    """Return the medians and the best, in seconds."""
    table = Table("process", title="seconds, whole process")
    for column in ("median", "best"):
        table.add_column(column, justify="right")
    for name, measured in times.items():
        table.add_row(
            name, f"{statistics.median(measured):.2f}", f"{min(measured):.2f}"
        )
    return table


if __name__ == "__main__":
    main()
