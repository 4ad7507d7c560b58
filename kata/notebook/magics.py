"""What a learner types into a cell of its own: `%lesson`, `%hint`, `%diff`, …"""

from typing import TYPE_CHECKING

from kata.course.curriculum import Kata, Lesson
from kata.display import diff, html
from kata.display.lesson import LessonView, view
from kata.display.words import told_of_gift, told_of_reset
from kata.errors import KataError
from kata.loop.hints import next_hint
from kata.loop.reveal import reveal
from kata.notebook.session import Session
from kata.notebook.show import show, show_markdown, speaking

if TYPE_CHECKING:
    from IPython.core.interactiveshell import ExecutionInfo


class Magics:
    """The line magics of one session."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._lesson: Lesson | None = None
        self._cell = ""

    def begin(self, info: "ExecutionInfo") -> None:
        """Note the cell that is about to run, as it was written, and which it is."""
        self._cell = info.raw_cell or ""
        self.session.cell_id = info.cell_id

    @speaking()
    def lesson(self, line: str) -> None:
        """Show a lesson's katas, or `--catch-up` with the lessons before it."""
        words = line.split()
        names = [word for word in words if word != "--catch-up"]
        if names:
            self._lesson = self.session.course.curriculum.lesson(names[0])
        if self._lesson is None:
            raise KataError("Which lesson?", "Name it once: `%lesson 01`.")
        loop = self.session.loop
        filled = loop.catch_up(self._lesson) if "--catch-up" in words else []
        shown: LessonView = view(loop, self._lesson, filled)
        show(shown.text(), shown.html())

    @speaking()
    def hint(self, line: str) -> None:
        """Show the next hint of a kata: the one named, or the one at hand."""
        kata = self._kata_at_hand(line.strip())
        hint = next_hint(self.session.loop, kata)
        show_markdown(f"**{hint.title}**\n\n{hint.text}")

    @speaking()
    def diff(self, line: str) -> None:
        """Show an answer beside the reference: the one named, or the one run last."""
        words = line.split()
        names = [word for word in words if word != "--spoil"]
        kata = self.session.kata(names[0]) if names else self.session.current
        if kata is None:
            raise KataError("Which kata?", "Name it: `%diff models.address`.")
        shown = reveal(self.session.loop, kata, spoil="--spoil" in words)
        show(diff.text(shown), diff.html(shown))
        if shown.explanation:
            show_markdown(shown.explanation)

    @speaking()
    def give(self, line: str) -> None:
        """Fill one kata from the reference, and put its names into the notebook."""
        if not line.strip():
            raise KataError("Which kata?", "Name it: `%give models.address`.")
        session = self.session
        kata = session.kata(line.strip())
        happened, *more = told_of_gift(kata, session.loop.give(kata))
        try:
            session.namespace.prove_import(kata)
            session.namespace.take(kata)
        except KataError as error:
            more.append(f"{error.happened} {error.next_step}")
        more += session.loop.told()
        show("\n".join([happened, *more]), html.message(happened, " ".join(more)))

    @speaking()
    def reset_kata(self, line: str) -> None:
        """Put a kata's starting code on disk and into a cell again.

        Jupyter and VS Code both replace the cell that runs, or add one below it. A
        cell that holds more than the magic is not replaced: that would lose the rest.
        """
        if not line.strip():
            raise KataError("Which kata?", "Name it: `%reset_kata models.address`.")
        session = self.session
        kata = session.kata(line.strip())
        happened, *more = told_of_reset(kata, session.loop.reset(kata))
        alone = len(self._cell.strip().splitlines()) == 1
        session.shell.set_next_input(session.course.cells(kata).stub, replace=alone)
        where = "This cell" if alone else "A new cell below"
        more.append(f"{where} holds the starting code. Older cells are as they were.")
        more += session.loop.told()
        show("\n".join([happened, *more]), html.message(happened, " ".join(more)))

    def _kata_at_hand(self, name: str) -> Kata:
        session = self.session
        if name:
            return session.kata(name)
        if session.current and not session.is_right(session.current):
            return session.current
        katas = self._lesson.katas if self._lesson else session.course.curriculum.katas
        for kata in katas:
            if not session.is_right(kata):
                return kata
        raise KataError("No kata here is open.", "Name one: `%hint models.address`.")
