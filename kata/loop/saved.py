"""Answers that lie saved in a notebook and were never run.

Whoever types an answer, saves, and asks a terminal, or hands the notebook in, has
answered. Which text counts is decided by what the texts are:

- Starting code is no answer, neither today's nor that of the lesson as it was given.
- A cell that was run is no news: what is on disk came of it, or of something later.
- A cell that was never run is the answer where nothing of the learner's own is on disk,
  or a cell's answer that is not green and was run before the notebook was saved.
- A cell whose first line is nearly right is no answer, and is named.
- What is green stays green, what was changed in an editor is checked as it is there,
  and what was run after the save is the newer one. The verdict names the cell then.
"""

from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from kata.course import master
from kata.course.curriculum import Kata
from kata.course.master import Notebook
from kata.errors import KataError
from kata.loop.loop import Loop
from kata.progress.records import Origin
from kata.source.cell import normalised
from kata.source.file import NotPythonError
from kata.source.near import kata_meant
from kata.verdict import Status, Verdict


@dataclass(frozen=True)
class SavedCell:
    """A kata's cell in a notebook, as it is saved."""

    kata: str
    source: str
    path: Path

    @property
    def code(self) -> str:
        """Its text without what nobody can see."""
        return normalised(self.source)


def cells_in(notebook: Notebook) -> Iterator[SavedCell]:
    """Yield the cells of katas in a notebook."""
    for cell in notebook.cells:
        if "kata" in cell.options and "variant" not in cell.options:
            yield SavedCell(cell.options["kata"], cell.source, notebook.path)


def near_misses_in(
    notebook: Notebook, katas: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Yield the katas that cells of a notebook nearly name, and what to say of each."""
    for cell in notebook.cells:
        if found := cell.is_code and kata_meant(cell.source, katas):
            kata, error = found
            where = f"A cell saved in {notebook.path.name}"
            happened = error.happened.replace("This cell", where, 1)
            yield kata, f"{happened} {error.next_step}"


@dataclass(frozen=True)
class Saved:
    """The notebooks of a workspace, read once, and a look at each kata with them."""

    loop: Loop

    def check(self, kata: Kata) -> Verdict:
        """Check a kata, after running what is saved and is its answer.

        A kata that it waits for, and that is answered in the same way, goes first.
        What is nearly a cell of its is named.
        """
        near_misses = self._near_misses.get(kata.id, ())
        return self._checked(kata).noting(*near_misses)

    def _checked(self, kata: Kata) -> Verdict:
        cell = self._never_run(kata)
        ran = cell is not None and self._counts(kata, cell)
        verdict = self.loop.run_cell(cell.source) if cell and ran else None
        verdict = verdict or self.loop.check(kata)
        while other := self._answers_before(verdict):
            self.check(other)
            verdict = self.loop.check(kata)
        if cell is None:
            return verdict
        name = cell.path.name
        if ran:
            return verdict.noting(
                f"Its cell was run as it is saved in {name}, where it had not been run "
                "yet."
            )
        return verdict.noting(
            f"The cell saved in {name} holds other code, which was never run. "
            f"{kata.file} has what was checked here."
        )

    def has_answer(self, kata: Kata) -> bool:
        """Tell whether a cell that was saved and never run is a kata's answer."""
        cell = self._never_run(kata)
        return cell is not None and self._counts(kata, cell)

    @cached_property
    def _notebooks(self) -> list[Notebook]:
        """The notebooks that can be read; lessons' own ones last."""
        own = [f"{lesson.slug}.ipynb" for lesson in self.loop.course.curriculum.lessons]
        found = []
        paths = sorted(self.loop.workspace.root.glob("*.ipynb"))
        for path in sorted(paths, key=lambda path: path.name in own):
            try:
                found.append(master.read(path))
            except KataError as error:
                note = f"{error.happened} What is saved in it was not looked at."
                self.loop.notes.append(note)
        return found

    @cached_property
    def _cells(self) -> dict[str, list[SavedCell]]:
        """The saved cells of each kata."""
        found: dict[str, list[SavedCell]] = {}
        for notebook in self._notebooks:
            for cell in cells_in(notebook):
                found.setdefault(cell.kata, []).append(cell)
        return found

    @cached_property
    def _near_misses(self) -> dict[str, list[str]]:
        """What is to be said of cells that nearly name a kata."""
        found: dict[str, list[str]] = {}
        for notebook in self._notebooks:
            for kata, said in near_misses_in(notebook, self.loop.course.curriculum.ids):
                found.setdefault(kata, []).append(said)
        return found

    def _answers_before(self, verdict: Verdict) -> Kata | None:
        """Return the kata that a verdict waits for, if its answer is saved."""
        if verdict.status is not Status.BLOCKED or not verdict.waits_for:
            return None
        other = self.loop.course.curriculum.kata(verdict.waits_for)
        return other if self.has_answer(other) else None

    def _never_run(self, kata: Kata) -> SavedCell | None:
        """Return the last of a kata's saved cells that is code nobody has run yet."""
        cells = self._cells.get(kata.id, ())
        news = [
            cell for cell in cells if not self.loop.answers.is_stub(kata, cell.code)
        ]
        if not news:
            return None
        known = {normalised(one) for one in self._given_code(kata)}
        known |= {
            normalised(attempt.source)
            for attempt in self.loop.progress.history(kata.id)
            if attempt.origin is not Origin.REFERENCE
        }
        unseen = [cell for cell in news if cell.code not in known]
        cell = unseen[-1] if unseen else None
        return None if cell is None or self._is_on_disk(kata, cell) else cell

    def _given_code(self, kata: Kata) -> Iterator[str]:
        slug = self.loop.course.curriculum.lesson_of(kata).slug
        with suppress(KataError):  # none was noted, or nobody can read it
            given = master.read(self.loop.workspace.given_path(f"{slug}.ipynb"))
            yield from (one.source for one in cells_in(given) if one.kata == kata.id)

    def _is_on_disk(self, kata: Kata, cell: SavedCell) -> bool:
        answers = self.loop.answers
        if answers.given(kata):  # alike or not, what stands there is not the learner's
            return False
        with suppress(NotPythonError):
            return kata.parse(cell.source).body == answers.on_disk(kata)
        return False

    def _counts(self, kata: Kata, cell: SavedCell) -> bool:
        """Tell whether a cell that was never run stands above what is on disk."""
        answers = self.loop.answers
        if not answers.present(kata) or answers.given(kata):
            return True
        if answers.status(kata).is_done or not answers.as_written(kata):
            return False
        region = answers.regions()[kata.id]
        runs = [
            attempt
            for attempt in self.loop.progress.history(kata.id)
            if attempt.source == region.source
        ]
        if not runs or runs[-1].origin is Origin.EDITOR:
            return False
        ran_at = datetime.fromisoformat(runs[-1].at).timestamp()
        return cell.path.stat().st_mtime >= ran_at
