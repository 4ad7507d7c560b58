"""Proof by examples: each runs by itself, prints the same anywhere, is no answer."""

import ast
import builtins
import os
import re
import subprocess
import symtable
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from kata.course.course import Course
from kata.course.curriculum import Kata, Lesson
from kata.course.master import Cell
from kata.errors import KataError
from kata.runner.clock import LOOK
from kata.runner.processes import clock_of
from kata.source.cell import lines_of, without_option
from kata.source.syntax import UNREADABLE, tree_of
from kata.verdict import Status
from kata.verify.bench import Bench
from kata.verify.fault import Fault, Kind
from kata.verify.wording import gives_away

ALONE = Path(__file__).with_name("alone.py")
TIME_LIMIT = 30.0
"""Seconds of computing, or of waiting; each takes about one."""
ELSEWHERE = {"TZ": "NPT-5:45", "PYTHONHASHSEED": "2"}
"""An example prints there what is stored: no order of a set, no time of a machine's."""
OTHER_WORLD = re.compile(r"waybill|parcel|courier|dispatcher", re.IGNORECASE)
ANSWERED = "its example holds the whole answer; leave a thought to the reader"
SILENT = "its example prints nothing; print what the explanation talks about"
LONGEST = 600
"""Characters of an example's output that a fault shows."""


def prove_example(
    course: Course, kata: Kata, *, stored: bool = False
) -> Iterator[Fault]:
    """A kata's example runs alone, prints, and is about another world.

    With `stored`, what it prints is believed, since nbval compares it; that it needs no
    other cell is read from its names.
    """
    for cell in course.master(course.curriculum.lesson_of(kata)).examples:
        if cell.options["example"] == kata.id:
            yield from _prove_alone(kata.id, cell, stored=stored)
            if gives_away(cell.source, course.cells(kata)):
                yield Fault(Kind.EXAMPLE, kata.id, ANSWERED)


def prove_shared_example(
    course: Course, lesson: Lesson, *, stored: bool = False
) -> Iterator[Fault]:
    """The example that the katas of a lesson share runs alone as well."""
    for cell in course.master(lesson).examples:
        if cell.options["example"] == lesson.name:
            yield from _prove_alone(lesson.slug, cell, stored=stored)


def prove_no_paste(bench: Bench, kata: Kata) -> Iterator[Fault]:
    """Whoever hands in the example as the answer is refused."""
    example = bench.course.cells(kata).example
    if not example:
        return
    answer = f"#| kata: {kata.id}\n{without_option(example, 'example')}"
    try:
        status = bench.refusal(kata, answer).status
    except KataError:
        return  # it can't be part of a file: nobody can paste it
    if status is Status.PASSED:
        yield Fault(Kind.EXAMPLE, kata.id, ANSWERED)


def _prove_alone(where: str, example: Cell, *, stored: bool) -> Iterator[Fault]:
    code = without_comments(example.source)
    if found := sorted({match[0].lower() for match in OTHER_WORLD.finditer(code)}):
        said = f"its example says “{'”, “'.join(found)}”; make it about a cinema"
        yield Fault(Kind.EXAMPLE, where, said)
    if stored:
        yield from _prove_complete(where, example)
    else:
        yield from _prove_run(where, example)


def _prove_complete(where: str, example: Cell) -> Iterator[Fault]:
    if missing := sorted(unbound(example.source)):
        said = f"its example doesn't run by itself: it has no `{'`, `'.join(missing)}`"
        yield Fault(Kind.EXAMPLE, where, said)
    if not example.printed.strip():
        yield Fault(Kind.EXAMPLE, where, SILENT)


def _prove_run(where: str, example: Cell) -> Iterator[Fault]:
    try:
        run = run_alone(example.source, ELSEWHERE)
    except subprocess.TimeoutExpired:
        said = f"its example was not done after {TIME_LIMIT:.0f} seconds"
        yield Fault(Kind.EXAMPLE, where, said)
        return
    if run.returncode:
        said = f"its example doesn't run by itself:\n{run.stderr[-LONGEST:]}"
        yield Fault(Kind.EXAMPLE, where, said)
    elif not run.stdout.strip():
        yield Fault(Kind.EXAMPLE, where, SILENT)
    elif run.stdout.rstrip() != example.printed.rstrip():
        here, there = _first_difference(example.printed, run.stdout)
        said = (
            "its example prints something else than what is stored. Either it was "
            "changed since `kata build --run`, or it differs on another machine "
            f"(another time zone, another order of sets):\n{here}\n{there}"
        )
        yield Fault(Kind.EXAMPLE, where, said)


def unbound(source: str) -> set[str]:
    """Return the names that a cell uses, and that neither it nor Python brings."""
    scopes = [symtable.symtable(source, "<cell>", "exec")]
    bound = {*dir(builtins), "__name__"}
    bound |= {one.get_name() for one in scopes[0].get_symbols() if _is_bound(one)}
    used: set[str] = set()
    for scope in scopes:
        outer = scope is scopes[0]
        for one in scope.get_symbols():
            if one.is_referenced() and (outer or one.is_global()):
                used.add(one.get_name())
        scopes += scope.get_children()
    return used - bound


def _is_bound(symbol: symtable.Symbol) -> bool:
    return symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace()


def without_comments(source: str) -> str:
    """Return code without what it says to people: a comment may name Waybill."""
    try:
        return ast.unparse(tree_of(source))
    except UNREADABLE:
        return source


def run_alone(source: str, place: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a cell in a process of its own, in an empty folder, without the workspace.

    An example that runs pytest gets it without the plugins of whoever proves a course.
    """
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "PYTEST_", "KATA_", "WAYBILL_"))
    } | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    with tempfile.TemporaryDirectory(prefix="kata-") as folder:
        cell = Path(folder, "example.py")
        cell.write_text(source, encoding="utf-8")
        return _ended(
            subprocess.Popen(  # noqa: S603 - our own command
                [sys.executable, "-P", "-X", "utf8", str(ALONE), cell.name],
                cwd=folder,
                env={**environment, **place},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                encoding="utf-8",
            )
        )


def _ended(process: subprocess.Popen[str]) -> subprocess.CompletedProcess[str]:
    """Wait for the end of a process, as long as it gets on."""
    clock = clock_of(process.pid, TIME_LIMIT)
    clock.begin()
    with process:
        while True:
            try:
                out, err = process.communicate(timeout=LOOK)
            except subprocess.TimeoutExpired:
                if clock.look():
                    process.kill()
                    raise
            else:
                return subprocess.CompletedProcess(
                    process.args, process.returncode, out, err
                )


def _first_difference(one: str, other: str) -> tuple[str, str]:
    pairs = zip(lines_of(one), lines_of(other), strict=False)
    return next((pair for pair in pairs if pair[0] != pair[1]), (one, other))
