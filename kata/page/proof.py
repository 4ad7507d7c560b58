"""The proof that katas run in a page: each is tried in its Python, under Node.

So are the examples and demos beside it, which have to end as they do in a notebook.
"""

import json
import queue
import re
import subprocess
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from kata.course.course import Course
from kata.course.curriculum import Kata
from kata.page import marks, parts
from kata.page.build import CACHE, build
from kata.page.fetch import WEB, node
from kata.page.marks import Mark
from kata.source.cell import options
from kata.verdict import Status
from kata.verify.answers import wrong_answers

FOLDER = CACHE / "proof"
START = 120.0
"""Seconds that Python may take to start."""
PATIENCE = 120.0
"""Seconds that one run may take, on a busy machine."""
BESIDE = "beside it"
"""What examples and demos are called."""
RAN, RAISED = "an end without an exception", "an exception"
Wish = tuple[str, tuple[str, ...], str]
"""A name for it, what the desk is asked for, and what should come of it."""


@dataclass(frozen=True)
class Tried:
    """One cell that was run, and what should have come of it."""

    name: str
    wanted: str
    got: str
    seconds: float

    @property
    def is_right(self) -> bool:
        """Whether the page says what a notebook says."""
        return self.got == self.wanted


@dataclass(frozen=True)
class Row:
    """One kata in the page's Python."""

    kata: Kata
    mark: Mark
    tried: tuple[Tried, ...]

    @property
    def runs(self) -> bool:
        """Whether every verdict is right."""
        return all(one.is_right for one in self.tried)

    @property
    def fault(self) -> str:
        """What is wrong: a cell that a page offers and that does not run there."""
        wrong = "; ".join(
            f"{one.name} should be {one.wanted} and was {one.got}"
            for one in self.tried
            if not one.is_right and (self.mark.runs or one.name == BESIDE)
        )
        if not wrong:
            return ""
        return f"{self.kata.id}: {wrong}. Mend it, or say so in {marks.DATA}."


class HungError(Exception):
    """Node did not answer in time, or is gone."""


@dataclass
class PagePython:
    """The page's Python in a process of Node, which answers a line with a line."""

    folder: Path
    process: subprocess.Popen[str] = field(init=False)
    ready: float = field(init=False)
    """Seconds until it was ready for the first kata."""

    def __post_init__(self) -> None:
        self.process = subprocess.Popen(  # noqa: S603 - our own script
            [node(), str(WEB / "verify.mjs"), str(self.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        for pipe in (self.process.stdout, self.process.stderr):
            threading.Thread(target=self._read, args=[pipe], daemon=True).start()
        self.ready = self._answer(START)["ready"]

    def __enter__(self) -> "PagePython":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()

    def ask(self, needed: Sequence[str], wish: str, *rest: str) -> dict[str, Any]:
        """Ask the desk for something, once the parts that it needs are loaded."""
        assert self.process.stdin
        line = json.dumps({"parts": needed, "wish": wish, "rest": rest})
        try:
            self.process.stdin.write(f"{line}\n")
            self.process.stdin.flush()
        except OSError as error:
            raise HungError(str(error)) from error
        return self._answer(PATIENCE)

    def _answer(self, seconds: float) -> dict[str, Any]:
        try:
            line = self._lines.get(timeout=seconds)
            found: dict[str, Any] = json.loads(line)
        except queue.Empty:
            raise HungError(f"no answer in {seconds:.0f} s") from None
        except ValueError:
            raise HungError(line.strip() or "it ended") from None
        return found

    def _read(self, pipe: IO[str]) -> None:
        for line in pipe:
            self._lines.put(line)
        self._lines.put("")


def prove(course: Course, katas: Iterable[Kata]) -> Iterator[Row]:
    """Build the parts, and try each of these katas in turn.

    One that hangs costs its process; the next one gets a new one.
    """
    marked = marks.load(course)
    build(course, FOLDER, tell=lambda _: None)
    left = list(katas)
    while left:
        with PagePython(FOLDER) as python:
            while left:
                kata = left.pop(0)
                row, whole = _tried(course, kata, python, marked)
                yield row
                if not whole:
                    break


def _tried(
    course: Course, kata: Kata, python: PagePython, marked: dict[str, Mark]
) -> tuple[Row, bool]:
    needed = parts.needed(course, kata)
    tried: list[Tried] = []
    mark = marked.get(kata.id, Mark(""))
    wishes = [*_answers(course, kata, mark), *_beside(course, kata, marked)]
    for name, wish, wanted in wishes:
        try:
            answer = python.ask(needed, *wish)
        except HungError as error:
            tried.append(Tried(name, wanted, f"lost ({error})", PATIENCE))
            break
        tried.append(Tried(name, wanted, _came_to(answer), answer["seconds"]))
    whole = len(tried) == len(wishes) and python.process.poll() is None
    if whole and not mark.runs:  # no reader of a page leaves an answer of it behind
        python.ask(needed, "reset", kata.id)
    return Row(kata, mark, tuple(tried)), whole


def wrong_answer(course: Course, kata: Kata, mark: Mark) -> str:
    """Return the first wrong answer that a page can refuse, or an empty text."""
    for path in wrong_answers(course, kata):
        source = path.read_text(encoding="utf-8")
        if options(source)["refused_by"] not in mark.blind:
            return source
    return ""


def _answers(course: Course, kata: Kata, mark: Mark) -> Iterator[Wish]:
    """Yield the cells of a kata to check, and what should come of each."""
    cells = course.cells(kata)
    yield "starting code", ("check", cells.stub), str(Status.UNTOUCHED)
    if wrong := wrong_answer(course, kata, mark):
        wanted = f"refused by {options(wrong)['refused_by']}"
        yield "wrong answer", ("check", wrong), wanted
    yield "our answer", ("check", cells.reference), str(Status.PASSED)


def _beside(course: Course, kata: Kata, marked: dict[str, Mark]) -> Iterator[Wish]:
    """Yield a kata's examples, and the demos for which it is the last one they need.

    An example that several katas share belongs to the first of its lesson. What a page
    doesn't offer is left out: examples that are said not to run there, and demos that
    need a kata that doesn't.
    """
    absent = {name for name, mark in marked.items() if not mark.runs}
    lesson = course.curriculum.lesson_of(kata)
    order = [one.id for one in lesson.katas]
    for cell in course.master(lesson).cells:
        names = cell.options.get("needs") or cell.options.get("example")
        if not names:
            continue
        of = [name for name in re.split(r"[\s,]+", names) if name in order]
        if "needs" in cell.options and absent.intersection(of):
            continue
        if "example" in cell.options and not marked.get(names, Mark("")).example:
            continue
        if kata.id == max(of, key=order.index, default=order[0]):
            outputs = cell.raw.get("outputs", [])
            raises = any(one["output_type"] == "error" for one in outputs)
            wish = ("show", lesson.slug, cell.source)
            yield BESIDE, wish, RAISED if raises else RAN


def _came_to(answer: dict[str, Any]) -> str:
    if "raised" in answer:
        return RAISED if answer["raised"] else RAN
    status = answer.get("verdict")
    if status is None:
        return str(answer.get("trace") or answer["html"])[-500:]
    if status == Status.FAILED:
        return f"refused by {answer['refused_by']}"
    return str(status)
