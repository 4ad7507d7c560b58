"""What the cells and magics of one kernel share."""

import os
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kata.course.curriculum import Kata
from kata.course.find import find_course
from kata.errors import KataError
from kata.loop.beside import Where
from kata.loop.loop import Loop
from kata.notebook.namespace import Namespace
from kata.notebook.place import workspace_of
from kata.progress.damage import Identity, identity
from kata.runner.choice import best_runner
from kata.source.cell import normalised, options
from kata.verdict import Verdict
from kata.workspace.workspace import MARKER, OUTPUTS, STORED, Workspace

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
        self._ran: dict[str, tuple[str | None, str]] = {}
        """The cell of each kata that was run last, and its text."""
        self._place: _Place | None = None
        self.is_stored = os.environ.get(OUTPUTS) == STORED
        self.runner = best_runner()
        # Warm, and ready for the first cell, by the time the first page is read.
        self.runner.start(self.course.suite)

    @property
    def loop(self) -> Loop:
        """The loop on the workspace around this notebook, wherever that is now."""
        return self._here().loop

    @property
    def namespace(self) -> Namespace:
        """The service's names, as this kernel has them."""
        return self._here().namespace

    def _here(self) -> "_Place":
        if self._place is None:
            self._place = self._open(workspace_of(self.shell))
        elif not self._place.stands():
            self._place = self._moved(self._place)
        return self._place

    def _open(self, found: Workspace) -> "_Place":
        loop = Loop(self.course, found, self.runner)
        return _Place(loop, Namespace(self.shell, loop), identity(found.root))

    def _moved(self, before: "_Place") -> "_Place":
        """Go on where the workspace is now, and say so."""
        old = before.loop.workspace
        found = self._found_again(before)
        if found == old:
            return replace(before, folder=identity(old.root))
        before.namespace.names.leave()
        place = self._open(found)
        place.loop.notes.append(
            f"Your workspace has moved: this notebook goes on in {found.root}."
        )
        return place

    def _found_again(self, before: "_Place") -> Workspace:
        """Return the workspace that has moved, or the one put in its place.

        The kernel's own folder moves with it. None of both is a `KataError`.
        """
        with suppress(KataError):
            found = workspace_of(self.shell)
            if identity(found.root) == before.folder:
                return found
        old = before.loop.workspace
        if not (old.root / MARKER).is_dir():
            raise old.gone()
        return old

    def run(self, source: str) -> Verdict:
        """Run a kata's cell, and note which cell its answer came from."""
        kata = self.kata(options(source)["kata"])
        verdict = self.loop.run_cell(source, self._where(kata, source))
        if self.loop.answers.was_written_from(kata, source):
            self.answered_in[kata.id] = self.cell_id
        return verdict

    def _where(self, kata: Kata, source: str) -> Where:
        """Tell whether a text is run in the cell of the kata's answer.

        Of two cells of a kata, "Run all" reaches the lower one last, however old its
        text is. Nobody but a learner who means it runs one cell twice in a row.
        """
        now, before = (self.cell_id, normalised(source)), self._ran.get(kata.id)
        self._ran[kata.id] = now
        answered_in = self.answered_in.get(kata.id)
        if now == before or (self.cell_id and answered_in == self.cell_id):
            return Where.OWN
        known = self.cell_id is not None and answered_in is not None
        return Where.ELSEWHERE if known else Where.UNKNOWN

    def kata(self, name: str) -> Kata:
        """Return a kata by its id; an unknown one is a `KataError`."""
        return self.course.curriculum.kata(name)

    def is_right(self, kata: Kata) -> bool:
        """Tell whether a kata is green, or given."""
        return self.loop.status(kata).is_right


@dataclass(frozen=True)
class _Place:
    """A workspace that is open, and which folder it is, whatever its name."""

    loop: Loop
    namespace: Namespace
    folder: Identity | None

    def stands(self) -> bool:
        """Tell whether the same folder is still at the same place."""
        return identity(self.loop.workspace.root) == self.folder
