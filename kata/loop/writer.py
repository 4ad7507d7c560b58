"""How an answer gets into the service on disk, and what was there into history."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from kata.course.curriculum import Kata
from kata.loop.answers import Answers
from kata.loop.halves import lost_end
from kata.progress.records import Origin
from kata.source.file import (
    CellCode,
    NotPythonError,
    SourceFile,
    parse_file,
)
from kata.source.file import place as placed_in
from kata.source.plain_text import file_text
from kata.workspace.workspace import Workspace


@dataclass(frozen=True)
class Writer:
    """Writes regions of a workspace. What it replaces is in history before."""

    answers: Answers
    tell: Callable[[str], None]
    """Takes what the learner should be told."""

    def write(self, kata: Kata, source: str, code: CellCode) -> None:
        """Write a cell as its kata's region, and say what else that changed.

        Two notebooks may do so at once: each reads what the other has written.
        """
        with self.answers.progress.alone():
            self._write(kata, source, code)

    def _write(self, kata: Kata, source: str, code: CellCode) -> None:
        self._tell_of_half(kata, source)
        edited = self._keep_edit(kata, code)
        curriculum = self.answers.course.curriculum
        places = map(curriculum.kata, curriculum.replaced(kata))
        leaves = [one for one in places if self.answers.on_disk(one) is not None]
        for replaced in leaves:
            self._keep_edit(replaced, code)
        self.put(kata, source, code)
        if edited:
            self.tell(
                f"This part of {kata.file} had been changed in an editor. The cell's "
                "code has replaced it; what was there is kept: "
                f"`kata history {kata.id}`."
            )
        for replaced in leaves:
            self.tell(
                f"In {kata.file} this has taken the place of {replaced.id}, which "
                f"keeps its verdict; what was there: `kata history {replaced.id}`."
            )

    def put(self, kata: Kata, source: str, code: CellCode) -> None:
        """Write a cell as its kata's region. What was there has been kept before."""
        with self.answers.progress.alone():
            self.write_file(kata, code, self.answers.workspace)
            self.answers.progress.write_region(kata.id, source)

    def write_file(self, kata: Kata, code: CellCode, workspace: Workspace) -> None:
        """Write a region into its file in a workspace, and nothing besides."""
        if not kata.is_python:
            workspace.write(kata.file, file_text(code.body))
            return
        course = self.answers.course
        text = workspace.read(kata.file)
        file = (
            SourceFile(course.curriculum.files.get(kata.file, ""))
            if text is None
            else parse_file(text, kata.file)
        )
        placed = placed_in(
            file,
            kata.id,
            code,
            path=kata.file,
            order=[one.id for one in course.curriculum.in_file(kata.file)],
            known=self.answers.known_imports(),
            replaces=course.curriculum.replaced(kata),
        )
        packages = course.packages([kata.file])
        workspace.write_all(
            {
                path: new
                for path, new in packages.items()
                if workspace.read(path) is None
            }
        )
        workspace.write(kata.file, placed.render())

    def adopt_edits(self, kata: Kata) -> int:
        """Take what was changed in an editor for the answer; return its attempt."""
        with self.answers.progress.alone():
            return self._adopt_edits(kata)

    def _adopt_edits(self, kata: Kata) -> int:
        text = self.answers.on_disk(kata)
        if text is None or self.answers.as_written(kata):
            return 0
        source = self.answers.cell(kata, text)
        with suppress(NotPythonError):
            if kata.parse(source).body == text:
                self.answers.progress.write_region(kata.id, source)
        return self.answers.progress.remember(kata.id, source, Origin.EDITOR)

    def kept(self, kata: Kata) -> int:
        """See that what is on disk for a kata is in history; return its number there.

        The number is as `kata history` lists it; 0 where nothing is on disk.
        """
        text = self.answers.on_disk(kata)
        if text is None:
            return 0
        history = self.answers.progress.history(kata.id)
        region = self.answers.progress.regions().get(kata.id)
        source = self.answers.cell(kata, text)
        if region and self.answers.as_written(kata):
            source = region.source
        for number in range(len(history), 0, -1):
            if history[number - 1].source == source:
                return number
        self.answers.progress.remember(kata.id, source, Origin.EDITOR)
        return len(history) + 1

    def _tell_of_half(self, kata: Kata, source: str) -> None:
        """Say that a cell has lost its end, which may stand in a cell of its own."""
        region = self.answers.progress.regions().get(kata.id)
        before = [region.source] if region else []
        if lines := lost_end(source, [*before, self.answers.course.cells(kata).stub]):
            ends = "last line" if lines == 1 else f"last {lines} lines"
            self.tell(
                f"{kata.file} has lost the {ends} that this cell held before. If the "
                "cell was split in two, select both and merge them (Shift+M in "
                "JupyterLab), then run the cell again."
            )

    def _keep_edit(self, kata: Kata, code: CellCode) -> bool:
        """Keep in history what was changed in an editor, before it is replaced."""
        text = self.answers.on_disk(kata)
        if text is None or text == code.body or self.answers.as_written(kata):
            return False
        self.kept(kata)
        return True
