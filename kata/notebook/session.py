"""What the cells and magics of one kernel share."""

import os
from functools import cached_property
from typing import TYPE_CHECKING

from kata.course.curriculum import Kata
from kata.course.find import find_course
from kata.loop.loop import Loop
from kata.notebook.namespace import Namespace
from kata.runner.choice import best_runner
from kata.workspace import workspace
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
        self.is_stored = os.environ.get(OUTPUTS) == STORED
        self.runner = best_runner()
        # Warm, and ready for the first cell, by the time the first page is read.
        self.runner.start(self.course.suite)

    @cached_property
    def loop(self) -> Loop:
        """The loop on the workspace around this notebook."""
        return Loop(self.course, workspace.find(), self.runner)

    @cached_property
    def namespace(self) -> Namespace:
        """The service's names, as this kernel has them."""
        return Namespace(self.shell, self.loop)

    def kata(self, name: str) -> Kata:
        """Return a kata by its id; an unknown one is a `KataError`."""
        return self.course.curriculum.kata(name)

    def is_right(self, kata: Kata) -> bool:
        """Tell whether a kata is green, or given."""
        return self.loop.status(kata).is_right
