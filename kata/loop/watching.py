"""What somebody saved, which katas that concerns, and what they have come to."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace

from kata.course import master
from kata.course.curriculum import Kata
from kata.errors import KataError
from kata.loop.loop import Loop
from kata.loop.saved import Saved, cells_in, near_misses_in
from kata.source.cell import normalised
from kata.verdict import Status, Verdict
from kata.workspace.workspace import Workspace

SERVICE = ("waybill", "tests")
RED = {Status.FAILED, Status.BROKEN, Status.BLOCKED}


@dataclass(frozen=True)
class Snapshot:
    """The texts in a workspace: compared, they tell a change from a mere save."""

    files: Mapping[str, str] = field(default_factory=dict)
    cells: Mapping[str, frozenset[tuple[str, str]]] = field(default_factory=dict)
    """The katas' cells of each notebook: the kata's id, and the code."""
    near_misses: frozenset[tuple[str, str]] = frozenset()
    """The cells that nearly name a kata: its id, and what is to be said."""

    def files_unlike(self, other: "Snapshot") -> set[str]:
        """Return the files whose texts differ."""
        paths = self.files.keys() | other.files.keys()
        return {one for one in paths if self.files.get(one) != other.files.get(one)}

    def cells_since(self, before: "Snapshot") -> Iterator[tuple[str, str]]:
        """Yield the cells that were changed; a notebook new to us is no change."""
        for path, cells in self.cells.items():
            yield from sorted(cells - before.cells.get(path, cells))


def snapshot(
    workspace: Workspace,
    before: Snapshot,
    katas: Collection[str],
    texts: Iterable[str] = (),
) -> Snapshot:
    """Take the texts as they are; what can't be read now is as it was before.

    `texts` are files beside the code that katas write.
    """
    files = {}
    for path in (*_code(workspace), *_there(workspace, texts)):
        with suppress(KataError):
            text = workspace.read(path)
            files[path] = before.files.get(path, "") if text is None else text
    cells = dict(before.cells)
    near_misses: set[tuple[str, str]] = set()
    for lesson in workspace.root.glob("*.ipynb"):
        with suppress(KataError):
            notebook = master.read(lesson)
            found = cells_in(notebook)
            cells[lesson.name] = frozenset((one.kata, one.code) for one in found)
            near_misses |= set(near_misses_in(notebook, katas))
    return Snapshot(files, cells, frozenset(near_misses))


@dataclass
class Watch:
    """A learner at work on one kata, with an editor or a notebook."""

    loop: Loop
    at: Kata
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    """What the last run checked, by kata."""
    seen: Snapshot = field(default_factory=Snapshot)

    def open(self, kata: Kata) -> None:
        """Turn to a kata, and check it. Its starting code is written where none is.

        What is saved in a notebook and was never run is run before.
        """
        self.at, self.verdicts = kata, {}
        near_misses = sorted(self._note_texts().near_misses)
        self.loop.notes += [said for one, said in near_misses if one == kata.id]
        saved = Saved(self.loop)
        if saved.has_answer(kata):
            verdict = self._own(saved.check(kata))
        elif self.loop.answers.on_disk(kata) is None and not self._replaced(kata):
            verdict = self._run(self.loop.course.cells(kata).stub)
            verdict = verdict.noting(f"Its starting code is in {kata.file} now.")
        else:
            verdict = self.loop.check(kata)
        self.verdicts = {kata.id: verdict}

    def next(self) -> None:
        """Turn to the next kata that is not green; a `KataError` where all are."""
        katas = self.loop.course.curriculum.katas
        at = katas.index(self.at) + 1
        for kata in (*katas[at:], *katas[:at]):
            if not self.loop.status(kata).is_done:
                return self.open(kata)
        raise KataError(
            "No kata is open.", "`kata run` serves what you built; q ends this."
        )

    def look(self) -> bool:
        """Check what changed since the last look; tell whether anything did."""
        self.loop.workspace.require()
        before = self.seen
        now = self._note_texts()
        changed = now.files_unlike(before)
        saved = dict(self._to_run(now.cells_since(before)))
        missed = sorted(now.near_misses - before.near_misses)
        self.loop.notes += [said for _, said in missed]
        if not changed and not saved:
            return bool(missed)
        self.verdicts = {kata: self._run(source) for kata, source in saved.items()}
        for kata in self.loop.course.curriculum.katas:
            if kata.id not in saved and self._concerns(kata, changed):
                self.verdicts[kata.id] = self.loop.check(kata)
        return True

    def _concerns(self, kata: Kata, changed: set[str]) -> bool:
        if self._replaced(kata):
            return False
        answered = self.loop.answers.present(kata) or kata == self.at
        red = answered and self.loop.status(kata) in RED
        return red or (answered and kata.file in changed)

    def _to_run(self, cells: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        """Yield the saved cells that hold other code than the service."""
        known = self.loop.course.curriculum.ids
        for kata, source in cells:
            region = self.loop.progress.regions().get(kata)
            ran = region is not None and normalised(region.source) == source
            if kata in known and not ran:
                yield kata, source

    def _run(self, source: str) -> Verdict:
        return self._own(self.loop.run_cell(source))

    def _own(self, verdict: Verdict) -> Verdict:
        """Note that what was written for a verdict is nobody's change."""
        files = dict(self.seen.files)
        for path in (verdict.file, *self.loop.course.packages([verdict.file])):
            if (text := self.loop.workspace.read(path)) is not None:
                files[path] = text
        self.seen = replace(self.seen, files=files)
        return verdict

    def _replaced(self, kata: Kata) -> bool:
        return self.loop.answers.successor(kata) is not None

    def _note_texts(self) -> Snapshot:
        known = self.loop.course.curriculum
        self.seen = snapshot(self.loop.workspace, self.seen, known.ids, known.texts)
        return self.seen


def _there(workspace: Workspace, files: Iterable[str]) -> Iterator[str]:
    yield from (file for file in files if (workspace.root / file).is_file())


def _code(workspace: Workspace) -> Iterator[str]:
    for folder in SERVICE:
        paths = (workspace.root / folder).rglob("*.py")
        for path in sorted(path for path in paths if path.is_file()):
            yield path.relative_to(workspace.root).as_posix()
