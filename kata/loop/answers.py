"""The learner's answers: the regions on disk, beside what is stored about them."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property

from kata.course.course import Course
from kata.course.curriculum import Kata
from kata.progress.progress import Progress
from kata.progress.records import WrittenRegion
from kata.source.cell import normalised, options
from kata.source.file import CellCode, NotPythonError, parse_cell
from kata.source.imports import Import, block
from kata.source.plain_text import cell_of
from kata.source.syntax import gap_before
from kata.verdict import Status
from kata.workspace.workspace import Workspace


@dataclass(frozen=True)
class Answers:
    """What a workspace holds for each kata. Nothing is run or changed here."""

    course: Course
    workspace: Workspace
    progress: Progress

    def at_once(self) -> "Answers":
        """Return these answers for a look at many: what there is is read once."""
        return _AtOnce(self.course, self.workspace, self.progress)

    def regions(self) -> Mapping[str, WrittenRegion]:
        """Return what is stored of each region, by kata."""
        return self.progress.regions()

    def on_disk(self, kata: Kata) -> str | None:
        """Return the text of a kata's region, or None where there is none."""
        return self._in_file(kata.file).get(kata.id)

    def _in_file(self, file: str) -> Mapping[str, str]:
        """Return the regions of a file, by kata; one that is not there has none."""
        return self.course.curriculum.regions(file, self.workspace.read(file))

    def successor(self, kata: Kata) -> Kata | None:
        """Return the kata whose region has taken the place of this one's, if any."""
        successors = self.course.curriculum.successors(kata)
        return next((one for one in successors if self.on_disk(one) is not None), None)

    def present(self, kata: Kata) -> bool:
        """Tell whether there is more than a stub of this kata, or of its successor."""
        if self.successor(kata):
            return True
        text = self.on_disk(kata)
        if text is None or text == self.course.starting_code(kata):
            return False
        # Starting code that the course has changed since is still no answer.
        region = self.regions().get(kata.id)
        was_task = region is not None and region.status is Status.UNTOUCHED
        return not (was_task and self.as_written(kata))

    def given(self, kata: Kata) -> bool:
        """Tell whether the reference stands in for a kata's answer."""
        region = self.regions().get(kata.id)
        if region is None or region.status is not Status.GIVEN:
            return False
        return self.as_written(kata) or self.successor(kata) is not None

    def is_stub(self, kata: Kata, source: str) -> bool:
        """Tell whether a cell holds a kata's starting code, blanks aside."""
        return normalised(source) == normalised(self.course.cells(kata).stub)

    def as_written(self, kata: Kata) -> bool:
        """Tell whether a region is as its cell, or its last check, left it."""
        code = code_of(self.regions().get(kata.id), kata)
        return code is not None and code.body == self.on_disk(kata)

    def was_written_from(self, kata: Kata, source: str) -> bool:
        """Tell whether a region is as this very cell left it."""
        region = self.regions().get(kata.id)
        return self.as_written(kata) and bool(region and region.source == source)

    def older(self, kata: Kata, source: str) -> int:
        """Return which attempt a cell repeats, where a newer answer is green; else 0.

        The number is as `kata history` lists it.
        """
        region = self.regions().get(kata.id)
        now = normalised(source)
        if region is None or self.status(kata) is not Status.PASSED:
            return 0
        if self.successor(kata):  # there is no place to take
            return 0
        if normalised(region.source) == now:
            return 0
        if self.is_stub(kata, source):  # which never replaces an answer
            return 0
        history = self.progress.history(kata.id)
        numbered = enumerate(history, 1)
        return next((n for n, one in numbered if normalised(one.source) == now), 0)

    def cell(self, kata: Kata, text: str) -> str:
        """Return a region's text as the cell that writes it, imports and all."""
        if "kata" in options(text):
            return text
        if not kata.is_python:
            return cell_of(kata.id, text)
        before = code_of(self.regions().get(kata.id))
        imports = block(before.imports if before else ())
        return f"#| kata: {kata.id}\n{imports}{imports and gap_before(text)}{text}"

    def status(self, kata: Kata) -> Status:
        """Return what a kata has come to, from what is stored.

        An answer that was changed since it was judged counts as failed. One whose
        place another kata has taken keeps what it came to.
        """
        region = self.regions().get(kata.id)
        if successor := self.successor(kata):
            return (region and region.status) or self.status(successor)
        if not self.present(kata):
            return Status.UNTOUCHED
        if region is None or not self.as_written(kata):
            return Status.FAILED
        return region.status or Status.FAILED

    def sources(self) -> dict[str, str]:
        """Return the cells that the regions were written from, where they parse."""
        written = self.regions().items()
        return {kata: region.source for kata, region in written if code_of(region)}

    def known_imports(self) -> Mapping[str, Mapping[Import, int]]:
        """Return what each of those cells imports."""
        sources = self.sources().items()
        return {kata: parse_cell(source).imports for kata, source in sources}


@dataclass(frozen=True)
class _AtOnce(Answers):
    """Answers at one moment: each file, and what is stored, is read once at most."""

    _files: dict[str, Mapping[str, str]] = field(default_factory=dict)

    @cached_property
    def _stored(self) -> Mapping[str, WrittenRegion]:
        return self.progress.regions()

    def regions(self) -> Mapping[str, WrittenRegion]:
        return self._stored

    def _in_file(self, file: str) -> Mapping[str, str]:
        if file not in self._files:
            self._files[file] = super()._in_file(file)
        return self._files[file]


def code_of(region: WrittenRegion | None, kata: Kata | None = None) -> CellCode | None:
    """Return the code of a stored region, or None; without its kata, as Python.

    What a newer Python or another version of the course wrote may not parse here.
    """
    with suppress(NotPythonError):
        parse = kata.parse if kata else parse_cell
        return parse(region.source) if region else None
    return None
