"""The notebook's front end: cell options, magics, and the display of verdicts."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from IPython.display import display

from kata.course.course import Course, find_course
from kata.course.curriculum import Kata, Lesson
from kata.display import diff, html, text
from kata.display.lesson import LessonView, view
from kata.display.words import told_of_reset
from kata.errors import KataError
from kata.loop.hints import next_hint
from kata.loop.loop import Loop
from kata.loop.reveal import reveal
from kata.notebook.names import Names
from kata.runner.choice import best_runner
from kata.source.cell import options
from kata.verdict import Status
from kata.workspace import workspace

if TYPE_CHECKING:
    from IPython.core.interactiveshell import ExecutionInfo, InteractiveShell

MISPLACED = re.compile(r"#\|\s*kata\s*:")
"""A kata's first line that is not first: better refused than passed over."""
ATTRIBUTE = "_kata_session"


def load(shell: "InteractiveShell") -> None:
    """Register the cell options and magics with a shell, once."""
    if hasattr(shell, ATTRIBUTE):
        return
    session = Session(shell)
    setattr(shell, ATTRIBUTE, session)
    magics = shell.magics_manager
    shell.input_transformers_cleanup.append(session.transform)
    magics.register_function(session.kata, "cell", "kata")
    magics.register_function(session.needs, "line", "needs")
    magics.register_function(session.lesson, "line", "lesson")
    magics.register_function(session.hint, "line", "hint")
    magics.register_function(session.diff, "line", "diff")
    magics.register_function(session.reset_kata, "line", "reset_kata")
    shell.events.register("pre_run_cell", session.begin)


@contextmanager
def _speaking() -> Iterator[None]:
    """Show a `KataError` as a message, and an interrupt as the learner's wish."""
    try:
        yield
    except KataError as error:
        _show(str(error), html.message(error.happened, error.next_step))
    except KeyboardInterrupt:
        stopped = "Stopped. Nothing was lost: the cell is in the history."
        _show(stopped, html.message(stopped, "Run it again when you like."))


class Session:
    """What one kernel knows: its shell, its lesson, and the loop once it is needed."""

    def __init__(self, shell: "InteractiveShell") -> None:
        self.shell = shell
        self.course: Course = find_course()
        self.current: Kata | None = None
        self.runner = best_runner()
        # Warm, and ready for the first cell, by the time the first page is read.
        self.runner.start(self.course.suite)
        self._lesson: Lesson | None = None
        self._cell = ""

    @cached_property
    def loop(self) -> Loop:
        """The loop on the workspace around this notebook."""
        return Loop(self.course, workspace.find(), self.runner)

    @cached_property
    def names(self) -> Names:
        """The service's names, as this kernel has them."""
        return Names(self.loop.workspace.root)

    def transform(self, lines: list[str]) -> list[str]:
        """Turn a cell with `#| kata:` or `#| needs:` into what runs it.

        The line count stays, so that a demo's traceback names the right line.
        """
        found = options("".join(lines))
        if "kata" in found or any(MISPLACED.match(line) for line in lines):
            return [f"get_ipython().run_cell_magic('kata', '', {''.join(lines)!r})\n"]
        if "needs" not in found:
            return lines
        call = f"get_ipython().run_line_magic('needs', {found['needs']!r})\n"
        return [call, *lines[1:]] if self._ready(found["needs"]) else [call]

    def begin(self, info: "ExecutionInfo") -> None:
        """Note the cell that is about to run, as it was written."""
        self._cell = info.raw_cell or ""

    @_speaking()
    def kata(self, line: str, source: str) -> None:
        """Run a kata's cell and show its verdict."""
        del line
        if "kata" not in options(source):
            raise KataError(
                "This cell was not checked: it does not begin with its kata.",
                "Make the line such as `#| kata: models.address` its first line.",
            )
        verdict = self.loop.run_cell(source)
        self.current = self.course.curriculum.kata(verdict.kata)
        if verdict.imported and "variant" not in options(source):
            self.names.trust(verdict.imported)
            try:
                self._take_names(self.current)
            except KataError as error:
                verdict = verdict.noting(f"{error.happened} {error.next_step}")
        _show(text.render(verdict), html.render(verdict))

    @_speaking()
    def needs(self, line: str) -> None:
        """Give a demo the names it needs, or say what it waits for."""
        katas = [self.course.curriculum.kata(name) for name in _ids(line)]
        waiting = [kata.id for kata in katas if not self._passed(kata)]
        if waiting:
            happened = f"This cell waits for {' and '.join(waiting)}."
            next_step = "Come back to it when that is green."
            _show(f"{happened} {next_step}", html.message(happened, next_step))
            return
        for kata in katas:
            self._prove_import(kata)
            self._take_names(kata)

    @_speaking()
    def lesson(self, line: str) -> None:
        """Show a lesson's katas, or `--catch-up` with the lessons before it."""
        words = line.split()
        names = [word for word in words if word != "--catch-up"]
        if names:
            self._lesson = self.course.curriculum.lesson(names[0])
        if self._lesson is None:
            raise KataError("Which lesson?", "Name it once: `%lesson 01`.")
        filled = self.loop.catch_up(self._lesson) if "--catch-up" in words else []
        shown: LessonView = view(self.loop, self._lesson, filled)
        _show(shown.text(), shown.html())

    @_speaking()
    def hint(self, line: str) -> None:
        """Show the next hint of a kata: the one named, or the one at hand."""
        kata = self._kata_at_hand(line.strip())
        hint = next_hint(self.loop, kata)
        _show_markdown(f"**{hint.title}**\n\n{hint.text}")

    @_speaking()
    def diff(self, line: str) -> None:
        """Show an answer beside the reference: the one named, or the one run last."""
        words = line.split()
        names = [word for word in words if word != "--spoil"]
        kata = self.course.curriculum.kata(names[0]) if names else self.current
        if kata is None:
            raise KataError("Which kata?", "Name it: `%diff models.address`.")
        shown = reveal(self.loop, kata, spoil="--spoil" in words)
        _show(diff.text(shown), diff.html(shown))
        if shown.explanation:
            _show_markdown(shown.explanation)

    @_speaking()
    def reset_kata(self, line: str) -> None:
        """Put a kata's starting code on disk and into a cell again.

        Jupyter and VS Code both replace the cell that runs, or add one below it. A
        cell that holds more than the magic is not replaced: that would lose the rest.
        """
        if not line.strip():
            raise KataError("Which kata?", "Name it: `%reset_kata models.address`.")
        kata = self.course.curriculum.kata(line.strip())
        happened, *more = told_of_reset(kata, self.loop.reset(kata))
        alone = len(self._cell.strip().splitlines()) == 1
        self.shell.set_next_input(self.course.cells(kata).stub, replace=alone)
        where = "This cell" if alone else "A new cell below"
        more.append(f"{where} holds the starting code. Older cells are as they were.")
        more += self.loop.told()
        _show("\n".join([happened, *more]), html.message(happened, " ".join(more)))

    def _kata_at_hand(self, name: str) -> Kata:
        if name:
            return self.course.curriculum.kata(name)
        if self.current and not self._passed(self.current):
            return self.current
        katas = self._lesson.katas if self._lesson else self.course.curriculum.katas
        for kata in katas:
            if not self._passed(kata):
                return kata
        raise KataError(
            "Every kata here is green.", "Name one: `%hint models.address`."
        )

    def _passed(self, kata: Kata) -> bool:
        return self.loop.status(kata) is Status.PASSED

    def _ready(self, needs: str) -> bool:
        """Tell whether a demo may run. Asked before it does, so that it can wait."""
        try:
            katas = [self.course.curriculum.kata(name) for name in _ids(needs)]
            ready = all(self._passed(kata) for kata in katas)
            for kata in katas if ready else ():
                self._prove_import(kata)
        except KataError:
            return False
        return ready

    def _prove_import(self, kata: Kata) -> None:
        """Import a kata's file in a child first: after a restart, or a change to it."""
        if self.names.trusts(kata):
            return
        if problem := self.names.known_problem():
            raise problem
        verdict = self.loop.check(kata)
        if verdict.imported:
            self.names.trust(verdict.imported)
            return
        said = [
            *verdict.notes,
            *([verdict.problem.happened] if verdict.problem else []),
        ]
        why = said[0] if said else verdict.status
        raise self.names.distrust(
            KataError(
                f"{kata.file} does not import at the moment: {why}",
                "Mend that; then run this cell again.",
            )
        )

    def _take_names(self, kata: Kata) -> None:
        """Put the names of this kata and of those before it into the notebook."""
        loop = self.loop
        katas = self.course.curriculum.lesson_of(kata).katas
        upto = katas[: katas.index(kata) + 1]
        regions = loop.progress.regions()
        sources = {name: written.source for name, written in regions.items()}
        self.shell.push(self.names.of(upto, sources))  # type: ignore[no-untyped-call]


def _ids(line: str) -> list[str]:
    return line.replace(",", " ").split()


def _show(plain: str, rich: str) -> None:
    _display({"text/plain": plain, "text/html": rich})


def _show_markdown(source: str) -> None:
    _display({"text/plain": source, "text/markdown": source})


def _display(data: dict[str, str]) -> None:
    display(data, raw=True)  # type: ignore[no-untyped-call]
