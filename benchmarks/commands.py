"""How long commands that run no check take, beside `python -c pass`, in one run.

python benchmarks/commands.py
python benchmarks/commands.py --rounds 5
"""

import argparse
import os
import subprocess
import sys
import sysconfig
import tempfile
from functools import partial
from pathlib import Path

from figures import HOME, compared, interleaved
from rich.console import Console

from kata.course.course import Course
from kata.workspace import workspace

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
    with tempfile.TemporaryDirectory() as folder:
        place = workspace.create(Path(folder).resolve() / "my-waybill", Course(HOME))
        variants = {
            name: partial(run, command, place.root)
            for name, command in COMMANDS.items()
        }
        times = interleaved(variants, rounds, breath=0)
    Console().print(compared("Whole processes", times))


def run(command: list[str], folder: Path) -> None:
    """Run a whole process."""
    environment = {**os.environ, "KATA_COURSE": str(HOME)}
    subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, check=True
    )


if __name__ == "__main__":
    main()
