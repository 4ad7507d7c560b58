"""A lesson at a glance: its katas, what each has come to, what is next."""

from dataclasses import dataclass
from html import escape

from kata.course.curriculum import Kata, Lesson
from kata.display.html import inline
from kata.display.styles import BLUE, block
from kata.display.words import REASON, counted
from kata.loop.loop import Loop
from kata.verdict import Status

ROW = "display:flex;flex-wrap:wrap;column-gap:0.8em;margin:0.3em 0"
COLUMNS = ("0 0 5em", "0 0 min(15em,100% - 6em)", "0 1 19em", "0 0 3.6em", "0 0 4em")
"""How wide what a row says is. Where all have no room beside each other, as on a phone,
what a kata is about goes below its name."""


@dataclass(frozen=True)
class LessonView:
    """What `%lesson` shows."""

    lesson: Lesson
    statuses: tuple[Status, ...]
    missing: tuple[Kata, ...]
    """Katas of earlier lessons that have no answer yet."""
    filled: tuple[Kata, ...]
    notes: tuple[str, ...]
    following: str
    """What comes after the lesson."""

    @property
    def title(self) -> str:
        """The headline."""
        number = self.lesson.number
        return (
            f"Lesson {number}, {self.lesson.title}: "
            f"{counted(len(self.lesson.katas), 'kata')}, "
            f"about {self.lesson.minutes} minutes"
        )

    @property
    def remarks(self) -> tuple[str, ...]:
        """What stands below the list: the next step, and what else is worth knowing."""
        remarks = [self._next()]
        if self.filled:
            ids = ", ".join(kata.id for kata in self.filled)
            remarks.append(
                f"Filled in from the reference: {ids}. They count as given, not as "
                "green."
            )
        if self.missing:
            number = len(self.missing)
            remarks.append(
                f"{counted(number, 'kata')} of earlier lessons "
                f"{'has' if number == 1 else 'have'} no answer yet. "
                "If a kata here needs one, `%lesson --catch-up` fills them in."
            )
        return (*remarks, *self.notes)

    def text(self) -> str:
        """Return it as plain text."""
        rows = [
            f"  {REASON[status]:<10} {kata.id:<30} {kata.minutes:>2} min  {_kind(kata)}"
            for kata, status in zip(self.lesson.katas, self.statuses, strict=True)
        ]
        return "\n".join([self.title, "", *rows, "", *self.remarks])

    def html(self) -> str:
        """Return it as HTML."""
        rows = "".join(
            _row(
                REASON[status], kata.id, kata.title, f"{kata.minutes} min", _kind(kata)
            )
            for kata, status in zip(self.lesson.katas, self.statuses, strict=True)
        )
        remarks = "".join(
            f'<div style="margin:0.25em 0">{inline(remark)}</div>'
            for remark in self.remarks
        )
        return (
            f'<div style="{block(BLUE)}"><strong>{escape(self.title)}</strong>'
            f'<ul style="list-style:none;margin:0.4em 0;padding:0">{rows}</ul>'
            f"{remarks}</div>"
        )

    def _next(self) -> str:
        for kata, status in zip(self.lesson.katas, self.statuses, strict=True):
            if not status.is_done:
                return (
                    f"Next: {kata.id} ({kata.title}). "
                    "Stuck? `%hint`, in a cell of its own, shows one hint at a time."
                )
        which = "Every kata"
        if Status.UNAVAILABLE in self.statuses:
            which = "Every kata that can be checked"
        given = " or given" if Status.GIVEN in self.statuses else ""
        done = f"{which} here is green{given}."
        return f"{done} Next: {self.following}."


def view(loop: Loop, lesson: Lesson, filled: list[Kata]) -> LessonView:
    """Look at a lesson in a learner's workspace."""
    earlier = loop.course.katas_before(lesson)
    statuses = loop.statuses([*earlier, *lesson.katas])
    return LessonView(
        lesson,
        tuple(statuses[kata.id] for kata in lesson.katas),
        tuple(kata for kata in earlier if statuses[kata.id] is Status.UNTOUCHED),
        tuple(filled),
        tuple(loop.told()),
        _following(loop, lesson),
    )


def _following(loop: Loop, lesson: Lesson) -> str:
    lessons = loop.course.curriculum.lessons
    later = lessons[lessons.index(lesson) + 1 :]
    if not later:
        return "`kata run` serves what you built"
    return loop.course.lesson_path(later[0]).name


def _kind(kata: Kata) -> str:
    return "core" if kata.core else "stretch"


def _row(*texts: str) -> str:
    cells = "".join(
        f'<span style="flex:{flex}">{escape(text)}</span>'
        for flex, text in zip(COLUMNS, texts, strict=True)
    )
    return f'<li style="{ROW}">{cells}</li>'
