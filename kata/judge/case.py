"""What the judge has to know about a kata besides the report of its checks."""

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from kata.course.course import Course
from kata.course.curriculum import Kata
from kata.runner.report import Frame
from kata.source.cell import lines_of
from kata.source.file import CellCode, region_starts
from kata.source.syntax import tree_of
from kata.verdict import Line

Function = ast.FunctionDef | ast.AsyncFunctionDef


def nobody(_: Kata) -> bool:
    """Blame nobody else: where there is no learner, all other code is the reference."""
    return False


@dataclass(frozen=True)
class Case:
    """A kata, the cell that was run, and the files around it."""

    course: Course
    kata: Kata
    code: CellCode | None
    """The cell that was run; None for a check of the files on disk."""
    files: Mapping[str, str]
    """The texts of the workspace's files that a frame or a name may be about."""
    is_open: Callable[[Kata], bool] = nobody
    """Whether a kata's answer is the learner's and not green: no other is blamed."""

    def line(self, frames: tuple[Frame, ...]) -> Line | None:
        """Return the innermost of these lines that lies in this kata's own code."""
        for frame in reversed(frames):
            if frame.file == self.kata.file and self.owner(frame) == self.kata.id:
                return self._own_line(frame.line)
        return None

    def owner(self, frame: Frame) -> str:
        """Return the id of the kata whose region a line lies in, or nothing."""
        starts = region_starts(self.files.get(frame.file, ""))
        owners = [kata for kata, start in starts.items() if start <= frame.line]
        return owners[-1] if owners else ""

    def elsewhere(self, frames: tuple[Frame, ...]) -> Kata | None:
        """Return the kata whose code raised, if it was only reached through others."""
        if not frames or self.line(frames):
            return None
        owner = self.owner(frames[-1])  # a course of another version may have had it
        katas = self.course.curriculum.katas
        return next((kata for kata in katas if kata.id == owner), None)

    def has_region(self, kata: Kata) -> bool:
        """Tell whether a kata's region is in its file."""
        return kata.id in self._regions(kata)

    def is_untouched(self) -> bool:
        """Tell whether this kata's region holds its starting code."""
        text = self._regions(self.kata).get(self.kata.id)
        return text == self.course.starting_code(self.kata)

    def _regions(self, kata: Kata) -> Mapping[str, str]:
        return self.course.curriculum.regions(kata.file, self.files.get(kata.file))

    def or_catch_up(self, other: Kata) -> str:
        """Return the offer to catch up, where the other kata is in another lesson."""
        lesson_of = self.course.curriculum.lesson_of
        if lesson_of(other) == lesson_of(self.kata):
            return ""
        return ", or let `%lesson --catch-up` (`kata catch-up`) fill in what is missing"

    def generator_line(self, *, stops: bool) -> Line | None:
        """Return the line of this kata that yields, or should: no traceback holds it.

        With `stops`, it is the last `yield`, else the function's own line.
        """
        if not self.kata.is_python:
            return None
        functions = [
            (node, yields)
            for node in ast.walk(tree_of(self.files[self.kata.file]))
            if isinstance(node, Function)
            and self.owner(Frame(self.kata.file, node.lineno)) == self.kata.id
            and (yields := [*_yields(node)])
        ]
        if len(functions) != 1:
            return None
        function, yields = functions[0]
        last = max(one.lineno for one in yields)
        return self._own_line(last if stops else function.lineno)

    def _own_line(self, number: int) -> Line:
        text = self.files[self.kata.file]
        offset = number - region_starts(text)[self.kata.id]
        if self.code and offset < len(self.code.lines):
            return Line(*self.code.lines[offset])
        return Line(number, lines_of(text)[number - 1], self.kata.file)


def _yields(function: Function) -> Iterator[ast.Yield]:
    return (node for node in ast.walk(function) if isinstance(node, ast.Yield))
