"""The loop: a cell in, a verdict out, and nothing lost on the way."""

import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from kata.course import Course
from kata.curriculum import Kata, Lesson
from kata.errors import KataError
from kata.imports import Import, block
from kata.judge import Case, judge
from kata.notebook import lines_of, normalised, options
from kata.progress import Origin, Progress, WrittenRegion
from kata.runner.report import Job, Runner
from kata.source import (
    CellCode,
    NotPythonError,
    SourceFile,
    parse_cell,
    parse_file,
    place,
    regions_in,
)
from kata.verdict import Line, Problem, Status, Verdict
from kata.workspace import Workspace


@dataclass
class Loop:
    """A learner's course, folder and progress, and a way to run checks."""

    course: Course
    workspace: Workspace
    runner: Runner
    notes: list[str] = field(default_factory=list)
    """What the learner should be told with the next verdict."""

    def __post_init__(self) -> None:
        self.progress = Progress(self.workspace.progress_path, self.notes.append)

    def run_cell(self, source: str) -> Verdict:
        """Store a kata's cell, write it into the service, check it, and judge it.

        An unknown id, a folder that can't be written and the like are a `KataError`;
        the attempt is stored all the same wherever it can be.
        """
        kata = self.course.curriculum.kata(options(source)["kata"])
        attempt = self.progress.remember(kata.id, source)
        verdict = self._verdict_on(kata, source)
        self.progress.conclude(attempt, verdict.status)
        return verdict.noting(*self.told())

    def check(self, kata: Kata) -> Verdict:
        """Check a kata against the files on disk, without changing them."""
        if self._on_disk(kata) is None:
            rules = self.course.rules(kata)
            verdict = Verdict(kata.id, kata.title, Status.UNTOUCHED, kata.file, rules)
            return verdict.noting("Its cell has not been run yet.", *self.told())
        attempt = self._adopt_edits(kata)
        verdict = self._run(kata, self.workspace, None)
        if not self._has_answer(kata):
            verdict = _as_task(verdict)
        if attempt:
            self.progress.conclude(attempt, verdict.status)
        if self._as_written(kata):
            self._note(kata, verdict)
        return verdict.noting(*self.told())

    def status(self, kata: Kata) -> Status:
        """Return a kata's status from what is stored, without running anything.

        An answer that was changed since it was judged counts as failed.
        """
        if not self._has_answer(kata):
            return Status.UNTOUCHED
        if not self._as_written(kata):
            return Status.FAILED
        return self.progress.regions()[kata.id].status or Status.FAILED

    def catch_up(self, lesson: Lesson) -> list[Kata]:
        """Fill the regions missing before a lesson from the reference; say which."""
        filled = []
        for kata in self.course.katas_before(lesson):
            if not self._has_answer(kata):
                source = self.course.cells(kata).reference
                attempt = self.progress.remember(kata.id, source, Origin.REFERENCE)
                self._write(kata, source, parse_cell(source))
                # CI proves that the reference passes; nothing is gained by a wait here.
                self.progress.conclude(attempt, Status.PASSED)
                self.progress.judge_region(kata.id, Status.PASSED)
                filled.append(kata)
        return filled

    def _verdict_on(self, kata: Kata, source: str) -> Verdict:
        try:
            code = parse_cell(source)
            if "variant" in options(source):
                return self._try_variant(kata, source, code)
            stub = normalised(source) == normalised(self.course.cells(kata).stub)
            if stub and self._has_answer(kata):
                return self._answer_stays(kata)
            self._write(kata, source, code)
        except KataError as error:
            return self._not_written(kata, source, error)
        verdict = self._run(kata, self.workspace, code)
        if stub:
            verdict = _as_task(verdict)
        self._note(kata, verdict)
        return verdict

    def _run(self, kata: Kata, workspace: Workspace, code: CellCode | None) -> Verdict:
        first = verdict = self._judge(kata, workspace, code)
        regions = regions_in(workspace.read(kata.file) or "")
        aside: list[str] = []
        # Another kata of the same file that does not run is no reason to send the
        # learner there, unless this one needs it: judge without it.
        while verdict.waits_for in regions and verdict.waits_for not in aside:
            aside.append(verdict.waits_for)
            verdict = self._judge_without(aside, kata, workspace, code)
        if not aside or verdict.status is Status.BLOCKED:
            return first
        return replace(verdict, imported=()).noting(
            f"{kata.file} does not import as a whole: {' and '.join(aside)} must be "
            "mended, and was left out here."
        )

    def _judge_without(
        self, aside: list[str], kata: Kata, workspace: Workspace, code: CellCode | None
    ) -> Verdict:
        with tempfile.TemporaryDirectory(prefix="kata-") as folder:
            scratch = workspace.scratch_copy(Path(folder).resolve())
            file = parse_file(workspace.read(kata.file) or "", kata.file)
            scratch.write(kata.file, file.without(aside).render())
            return self._judge(kata, scratch, code)

    def _judge(
        self, kata: Kata, workspace: Workspace, code: CellCode | None
    ) -> Verdict:
        job = Job(
            self.course.checks_path(kata), workspace.root, kata.module, kata.time_limit
        )
        report = self.runner.run(job)
        files = {
            file: workspace.read(file) or ""
            for file in {one.file for one in self.course.curriculum.katas}
        }
        return judge(Case(self.course, kata, code, files), report)

    def _try_variant(self, kata: Kata, source: str, code: CellCode) -> Verdict:
        with tempfile.TemporaryDirectory(prefix="kata-") as folder:
            scratch = self.workspace.scratch_copy(Path(folder).resolve())
            self._write_file(kata, code, scratch)
            verdict = self._run(kata, scratch, code)
        title = options(source)["variant"]
        return verdict.noting(
            f"Another answer ({title}): checked, not kept. {kata.file} is as it was."
        )

    def _write(self, kata: Kata, source: str, code: CellCode) -> None:
        text = self._on_disk(kata)
        edited = text not in {None, code.body} and not self._as_written(kata)
        if edited:
            self.progress.remember(kata.id, text or "", Origin.EDITOR)
        self._write_file(kata, code, self.workspace)
        self.progress.write_region(kata.id, source)
        if edited:
            self.notes.append(
                f"This part of {kata.file} had been changed in an editor. The cell's "
                "code has replaced it; what was there is kept: "
                f"`kata history {kata.id}`."
            )

    def _write_file(self, kata: Kata, code: CellCode, workspace: Workspace) -> None:
        text = workspace.read(kata.file)
        file = (
            SourceFile(self.course.curriculum.files.get(kata.file, ""))
            if text is None
            else parse_file(text, kata.file)
        )
        placed = place(
            file,
            kata.id,
            code,
            path=kata.file,
            order=[one.id for one in self.course.curriculum.in_file(kata.file)],
            known=self._known_imports(),
        )
        packages = self.course.packages([kata.file])
        workspace.write_all(
            {
                path: new
                for path, new in packages.items()
                if workspace.read(path) is None
            }
        )
        workspace.write(kata.file, placed.render())

    def _known_imports(self) -> Mapping[str, Mapping[Import, int]]:
        written = self.progress.regions().items()
        codes = {kata: _code_of(region) for kata, region in written}
        return {kata: code.imports for kata, code in codes.items() if code}

    def _as_written(self, kata: Kata) -> bool:
        """Tell whether a region is as its cell, or its last check, left it."""
        code = _code_of(self.progress.regions().get(kata.id))
        return code is not None and code.body == self._on_disk(kata)

    def _adopt_edits(self, kata: Kata) -> int:
        """Take what was changed in an editor for the answer; return its attempt."""
        text = self._on_disk(kata)
        if text is None or self._as_written(kata):
            return 0
        before = _code_of(self.progress.regions().get(kata.id))
        imports = block(before.imports if before else ())
        source = f"#| kata: {kata.id}\n{imports}\n\n{text}"
        with suppress(NotPythonError):
            if parse_cell(source).body == text:
                self.progress.write_region(kata.id, source)
        return self.progress.remember(kata.id, text, Origin.EDITOR)

    def _on_disk(self, kata: Kata) -> str | None:
        text = self.workspace.read(kata.file)
        return regions_in(text).get(kata.id) if text is not None else None

    def _has_answer(self, kata: Kata) -> bool:
        stub = parse_cell(self.course.cells(kata).stub).body
        return self._on_disk(kata) not in {None, stub}

    def _answer_stays(self, kata: Kata) -> Verdict:
        verdict = self._run(kata, self.workspace, None)
        if self._as_written(kata):
            self._note(kata, verdict)
        return verdict.noting(
            f"This cell holds the starting code again. {kata.file} keeps the answer "
            f"you ran before, and that is what was checked; `kata history {kata.id}` "
            "shows it."
        )

    def _not_written(self, kata: Kata, source: str, error: KataError) -> Verdict:
        line = None
        if isinstance(error, NotPythonError):
            lines = lines_of(source)
            text = lines[error.line - 1] if error.line <= len(lines) else ""
            line = Line(error.line, text)
        problem = Problem(error.happened, line=line, next_step=error.next_step)
        rules = self.course.rules(kata)
        return Verdict(
            kata.id, kata.title, Status.BROKEN, kata.file, rules, problem
        ).noting(f"{kata.file} is as it was.")

    def _note(self, kata: Kata, verdict: Verdict) -> None:
        # What blocks a kata says nothing about its own answer.
        if verdict.status is not Status.BLOCKED:
            self.progress.judge_region(kata.id, verdict.status)

    def told(self) -> list[str]:
        """Return the notes gathered so far, and forget them."""
        told, self.notes[:] = list(self.notes), []
        return told


def _code_of(region: WrittenRegion | None) -> CellCode | None:
    # What a newer Python or another version of the course wrote may not parse here.
    with suppress(NotPythonError):
        return parse_cell(region.source) if region else None
    return None


def _as_task(verdict: Verdict) -> Verdict:
    """Show what fails on a stub as the task that it is."""
    if verdict.status is Status.FAILED:
        return replace(verdict, status=Status.UNTOUCHED)
    return verdict
