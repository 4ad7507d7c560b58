"""The desk in a page: it takes cells and wishes, and answers with HTML to show."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from kata.course.course import Course
from kata.course.curriculum import Kata
from kata.display import html
from kata.display.after import After, after_green
from kata.display.markdown import rendered
from kata.display.words import REASON, told_of_reset
from kata.errors import KataError, listed
from kata.loop.hints import next_hint
from kata.loop.loop import Loop
from kata.notebook.namespace import Namespace
from kata.page.inside import cells, luggage, words
from kata.page.inside.course import PageCourse
from kata.page.inside.runner import PageRunner
from kata.source.cell import options
from kata.verdict import Outcome, Status, Verdict
from kata.workspace.workspace import Workspace

Answer = dict[str, Any]
"""What the page gets: plain data, always with `html`, what there is to show."""
STOPPED = (
    "You stopped this run. The cell is in the history, and the service is as it was."
)


@dataclass(frozen=True)
class _OnPage(After):
    """What follows a green verdict, in the words of a page."""

    @property
    def praise(self) -> str:
        """One word, and the next step by name."""
        if self.next.kata is None:
            return "Well done. Every kata is green."
        number = self.next.notebook.partition("_")[0]
        place = "on this page" if self.next.here else f"in lesson {number}"
        return f"Well done. Next: `{self.next.kata.id}`, {place}."


class Desk:
    """One reader's course and service, in a page."""

    def __init__(
        self, course: Path, workspace: Path, hear: Callable[[str], None]
    ) -> None:
        workspace.mkdir(parents=True, exist_ok=True)
        self.runner = PageRunner(hear)
        self.loop = Loop(PageCourse(course), Workspace(workspace), self.runner)
        self.course = self.loop.course
        self._names: dict[str, Namespace] = {}

    def state(self, kata_id: str) -> Answer:
        """Return where a reader stands with a kata."""
        kata = self._kata(kata_id)
        status = self.loop.status(kata)
        region = self.loop.progress.regions().get(kata_id)
        mine = bool(region) and status not in {Status.GIVEN, Status.UNTOUCHED}
        return {
            "html": "",
            "source": region.source if region and mine else "",
            "status": status,
            "hints": len(self.course.cells(kata).hints),
            "limit": kata.time_limit,
        }

    def check(self, source: str) -> Answer:
        """Run a kata's cell, and judge it."""
        kata = self._kata(options(source).get("kata", ""))
        given = self._make_room(kata)
        verdict = self.loop.run_cell(source)
        if "variant" not in options(source):
            try:
                verdict = self._namespace(kata).take_judged(kata, verdict)
            except KataError as error:
                verdict = verdict.noting(f"{error.happened} {error.next_step}")
        return self._judged(kata, verdict, given)

    def timed_out(self, source: str, said: Sequence[str]) -> Answer:
        """Judge a run that the page ended at its time limit; nothing is run."""
        kata = self._kata(options(source).get("kata", ""))
        given = self._make_room(kata)
        with self.runner.ended(said):
            return self._judged(kata, self.loop.run_cell(source), given)

    def stopped(self, source: str) -> Answer:
        """Keep the cell of a run that its reader stopped."""
        kata = self._kata(options(source).get("kata", ""))
        self.loop.progress.remember(kata.id, source)
        return self._answer(kata, html.message(STOPPED, ""))

    def show(self, lesson_name: str, source: str) -> Answer:
        """Run an example or a demo; a demo waits for the katas that it needs."""
        lesson = self.course.curriculum.lesson(lesson_name)
        namespace = self._namespace(lesson.katas[0])
        needed = options(source).get("needs", "").replace(",", " ").split()
        katas = [self._kata(name) for name in needed]
        given = self.loop.catch_up(lesson) if katas else []
        waiting = [kata.id for kata in katas if not self.loop.status(kata).is_right]
        if waiting:
            happened = f"This cell waits for {listed(waiting)}."
            said = html.message(happened, "Come back when that is green.")
            return {"html": said, "waits": True}
        for kata in katas:
            namespace.prove_import(kata)
            namespace.take(kata)
        names = namespace.shell
        assert isinstance(names, cells.Namespace)
        shown, raised = cells.run(source, names, self.loop.workspace.root)
        return {
            "html": shown + _told(_given_note(given)),
            "raised": raised,
            "statuses": self.statuses(),
        }

    def hint(self, kata_id: str) -> Answer:
        """Return the next rung of a kata's hints."""
        hint = next_hint(self.loop, self._kata(kata_id))
        shown = f"<strong>{escape(hint.title)}</strong>{rendered(hint.text)}"
        return {"html": shown, "number": hint.number, "last": hint.last}

    def reset(self, kata_id: str) -> Answer:
        """Put the starting code in the place of an answer, which stays in history."""
        kata = self._kata(kata_id)
        kept = self.loop.reset(kata)
        said = _told(told_of_reset(kata, kept)[:1])
        return self._answer(kata, said) | {"source": self.course.cells(kata).stub}

    def take_along(self) -> Answer:
        """Return the workspace as a zip."""
        root, texts = self.loop.workspace.root, self.course.curriculum.texts
        return {"html": "", "zip": luggage.packed(root, texts)}

    def bring_back(self, zipped: str) -> Answer:
        """Put a workspace that was taken along in the place of this one."""
        luggage.unpack(zipped, self.loop.workspace.root, self.course.curriculum.texts)
        return {"html": "", "statuses": self.statuses()}

    def forget(self) -> Answer:
        """Remove everything that the reader wrote here."""
        luggage.clear(self.loop.workspace.root)
        return {"html": "", "statuses": {}}

    def statuses(self) -> dict[str, str]:
        """Return what every kata has come to that is not untouched."""
        found = self.loop.statuses(self.course.curriculum.katas).items()
        return {kata: str(one) for kata, one in found if one is not Status.UNTOUCHED}

    def _make_room(self, kata: Kata) -> list[Kata]:
        """Give what a kata builds on and nobody wrote; take away what was given for it.

        What is given counts for nothing: who runs the cell of such a kata begins with
        its starting code.
        """
        katas = self.course.curriculum.katas
        given = self.loop.fill(katas[: katas.index(kata)])
        if self.loop.status(kata) is Status.GIVEN:
            self.loop.reset(kata)
        return given

    def _judged(self, kata: Kata, verdict: Verdict, given: Iterable[Kata]) -> Answer:
        verdict = words.in_a_page(verdict).noting(*_given_note(given))
        after = None
        if verdict.status is Status.PASSED:
            found = after_green(self.loop, kata, "kata diff", fold=True)
            after = found and _OnPage(**vars(found))
        fails = (rule for rule in verdict.rules if rule.outcome is Outcome.FAILS)
        first = next(fails, None)
        return self._answer(kata, html.render(verdict, after)) | {
            "verdict": str(verdict.status),
            "word": REASON[verdict.status],
            "refused_by": first.check if first else "",
        }

    def _answer(self, kata: Kata, shown: str) -> Answer:
        return {
            "html": shown,
            "kata": kata.id,
            "status": str(self.loop.status(kata)),
            "statuses": self.statuses(),
        }

    def _namespace(self, kata: Kata) -> Namespace:
        slug = self.course.curriculum.lesson_of(kata).slug
        if slug not in self._names:
            self._names[slug] = Namespace(cells.Namespace(), self.loop, words.PAGE)
        return self._names[slug]

    def _kata(self, kata_id: str) -> Kata:
        return _named(self.course, kata_id)


def _named(course: Course, kata_id: str) -> Kata:
    if not kata_id:
        raise KataError(
            "This cell was not checked: it does not begin with its kata.",
            "Make the line such as `#| kata: models.address` its first line.",
        )
    return course.curriculum.kata(kata_id)


def _given_note(given: Iterable[Kata]) -> tuple[str, ...]:
    """Say which answers are ours, and why."""
    ids = [kata.id for kata in given]
    if not ids:
        return ()
    if len(ids) > 3:
        ids = [*ids[:2], f"{len(ids) - 2} more"]
    return (
        f"You build on katas that you have not written here. Our answers stand in "
        f"their place until you write yours: {listed(ids)}.",
    )


def _told(notes: Iterable[str]) -> str:
    return "".join(map(html.paragraph, notes))
