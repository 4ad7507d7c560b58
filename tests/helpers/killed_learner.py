"""A learner who is killed in the middle of things, again and again.

    python -m tests.helpers.killed_learner WORKSPACE KILLS

Forks a process that runs cells one after the other, and kills it at a random moment.
Prints what is wrong afterwards, if anything is. The checks themselves are left out:
what can be lost lies on disk.
"""

import ast
import os
import random
import signal
import sys
import time
from itertools import count
from pathlib import Path

from kata.course.course import Course
from kata.loop.loop import Loop
from kata.progress.progress import Progress
from kata.source.file import parse_cell, regions_in
from kata.workspace import workspace
from kata.workspace.workspace import Workspace
from tests.helpers.places import SAMPLE
from tests.helpers.rehearsal import Rehearsal

COURSE = Course(SAMPLE)
KATA = COURSE.curriculum.kata("counting.double")
LONGEST = 0.06
"""Seconds before a kill, at most; some ten cells are run in that time."""


def main() -> None:
    """Kill as often as asked, and look at what is left each time."""
    root, kills = Path(sys.argv[1]), int(sys.argv[2])
    place = workspace.create(root, COURSE)
    chance = random.Random(root.name)  # noqa: S311 - any moment will do
    problems: list[str] = []
    cells = 0
    for _ in range(kills):
        ran = killed_at(chance.uniform(0, LONGEST), place, cells)
        problems += wrong_after(place, ran)
        cells += len(ran) + 1
    attempts = len(Progress(place.progress_path).history(KATA.id))
    sys.stdout.write("\n".join([f"{attempts} attempts", *problems]))


def killed_at(moment: float, place: Workspace, first: int) -> list[str]:
    """Let a learner run cells for some seconds; return those whose verdict came."""
    says, hears = os.pipe()
    pid = os.fork()
    if pid == 0:
        learn(place, first, hears)
    os.close(hears)
    os.read(says, 1)  # it has begun
    time.sleep(moment)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    with os.fdopen(says, "rb") as pipe:
        heard = pipe.read().decode().split()
    return [cell(int(number)) for number in heard]


def learn(place: Workspace, first: int, out: int) -> None:
    """Run one cell after the other, for ever, and name those that are done."""
    loop = Loop(COURSE, place, Rehearsal())
    os.write(out, b".")
    for number in count(first):
        loop.run_cell(cell(number))
        os.write(out, f" {number}".encode())


def cell(number: int) -> str:
    """Return an answer that is like no other."""
    return f"#| kata: {KATA.id}\ndef double(number: int) -> int:\n    return {number}"


def wrong_after(place: Workspace, ran: list[str]) -> list[str]:
    """Return what a learner would miss after the kill."""
    notes: list[str] = []
    history = Progress(place.progress_path, notes.append).history(KATA.id)
    kept = {attempt.source for attempt in history}
    text = place.read(KATA.file) or ""
    ast.parse(text)
    wrong = [f"lost: {source!r}" for source in ran if source not in kept]
    region = regions_in(text).get(KATA.id)
    if region and region not in {parse_cell(source).body for source in kept}:
        wrong.append(f"never run, and on disk: {region!r}")
    return wrong + notes


if __name__ == "__main__":
    main()
