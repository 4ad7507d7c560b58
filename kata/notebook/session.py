"""What the cells and magics of one kernel share."""

import os
from functools import cached_property
from typing import TYPE_CHECKING

from kata.course.curriculum import Kata
from kata.course.find import find_course
from kata.loop.loop import Loop
from kata.notebook.namespace import Namespace
from kata.notebook.place import workspace_of
from kata.runner.choice import best_runner
from kata.source.cell import options
from kata.verdict import Status, Verdict
from kata.workspace.workspace import OUTPUTS, STORED

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


class Session:
    """What one kernel knows: its shell, its course, and the loop once it is needed."""

    def __init__(self, shell: "InteractiveShell") -> None:
        self.shell = shell
        self.course = find_course()
        self.current: Kata | None = None
        """The kata that was run last."""
        self.cell_id: str | None = None
        """The cell that runs, where the front end says which one it is."""
        self.answered_in: dict[str, str | None] = {}
        """The cell that each kata's answer was written from."""
        self.is_stored = os.environ.get(OUTPUTS) == STORED
        self.runner = best_runner()
        # Warm, and ready for the first cell, by the time the first page is read.
        self.runner.start(self.course.suite)

    @cached_property
    def loop(self) -> Loop:
        """The loop on the workspace around this notebook."""
        return Loop(self.course, workspace_of(self.shell), self.runner)

    @cached_property
    def namespace(self) -> Namespace:
        """The service's names, as this kernel has them."""
        return Namespace(self.shell, self.loop)

    def run(self, source: str) -> Verdict:
        """Run a kata's cell. One that is a copy does not replace a newer answer.

        Of two cells of a kata, "Run all" reaches the lower one last, however old its
        text is.
        """
        kata = self.kata(options(source)["kata"])
        here = self.cell_id
        is_copy = here is None or self.answered_in.get(kata.id) != here
        verdict = self.loop.run_cell(source, is_copy=is_copy)
        if self.loop.answers.was_written_from(kata, source):
            self.answered_in[kata.id] = here
        return verdict

    def kata(self, name: str) -> Kata:
        """Return a kata by its id; an unknown one is a `KataError`."""
        return self.course.curriculum.kata(name)

    def passed(self, kata: Kata) -> bool:
        """Tell whether a kata is green."""
        return self.loop.status(kata) is Status.PASSED
