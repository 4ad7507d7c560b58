"""The course's contents, as curriculum.toml lists them: parts, lessons, katas."""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from kata.errors import KataError, nearest
from kata.source.file import CellCode, parse_cell, regions_in
from kata.source.plain_text import is_python, parse_text_cell, text_in

TIME_LIMIT = 10.0
"""Seconds for all checks of a kata together, unless curriculum.toml says otherwise."""


@dataclass(frozen=True)
class Kata:
    """One exercise. `time_limit` is in seconds, for all of its checks together.

    `replaces` is the id of an earlier kata of the same file, whose region this one's
    takes the place of. `server` is a program that its checks start; of `one or another`
    either will do.
    """

    id: str
    title: str
    file: str
    minutes: int
    core: bool
    time_limit: float = TIME_LIMIT
    replaces: str = ""
    server: str = ""

    @property
    def has_server(self) -> bool:
        """Whether this machine has what the checks start, if they start anything."""
        programs = self.server.split(" or ") if self.server else []
        return not programs or any(map(shutil.which, programs))

    @property
    def name(self) -> str:
        """The id without its lesson: `address` of `models.address`."""
        return self.id.partition(".")[2]

    @property
    def is_python(self) -> bool:
        """Whether its file is Python; any other is this kata's alone."""
        return is_python(self.file)

    @property
    def module(self) -> str:
        """The module that `file` is imported as: `waybill.schemas`; "" for a text."""
        if not self.is_python:
            return ""
        return self.file.removesuffix(".py").replace("/", ".")

    def parse(self, source: str) -> CellCode:
        """Take one of its cells apart. One that can't be is a `NotPythonError`."""
        if self.is_python:
            return parse_cell(source)
        return parse_text_cell(source, self.file)


@dataclass(frozen=True)
class Lesson:
    """One notebook and its katas, in order."""

    slug: str
    title: str
    katas: tuple[Kata, ...]
    cannot: str = ""
    """What the app can't do before it: `answer anyone`."""

    @property
    def name(self) -> str:
        """The slug without its number: `models` of `02_models`."""
        return self.slug.partition("_")[2]

    @property
    def number(self) -> str:
        """The slug's number: `02` of `02_models`."""
        return self.slug.partition("_")[0]

    @property
    def minutes(self) -> int:
        """The minutes of its katas together."""
        return sum(kata.minutes for kata in self.katas)


@dataclass(frozen=True)
class Part:
    """A title over some lessons."""

    title: str
    lessons: tuple[Lesson, ...]


@dataclass(frozen=True)
class Topic:
    """Something that the course teaches, and where it is practised."""

    title: str
    lessons: tuple[str, ...]
    """The numbers of the lessons that teach it, those still to come among them."""
    katas: tuple[str, ...]
    """The ids of the katas that practise it."""


@dataclass(frozen=True)
class Curriculum:
    """Everything there is to learn, in order."""

    title: str
    parts: tuple[Part, ...]
    files: Mapping[str, str]
    """The docstring of each file of the service."""
    topics: tuple[Topic, ...] = ()

    @cached_property
    def lessons(self) -> tuple[Lesson, ...]:
        """All lessons in order."""
        return tuple(lesson for part in self.parts for lesson in part.lessons)

    @cached_property
    def katas(self) -> tuple[Kata, ...]:
        """All katas in order."""
        return tuple(kata for lesson in self.lessons for kata in lesson.katas)

    @cached_property
    def ids(self) -> frozenset[str]:
        """The id of every kata."""
        return frozenset(self._by_id)

    @cached_property
    def _by_id(self) -> Mapping[str, Kata]:
        return {kata.id: kata for kata in self.katas}

    @cached_property
    def _lessons(self) -> Mapping[str, Lesson]:
        """The lesson of each kata, by the kata's id."""
        return {kata.id: lesson for lesson in self.lessons for kata in lesson.katas}

    @cached_property
    def _successors(self) -> Mapping[str, Kata]:
        """The katas that replace another one, by the id of that."""
        return {kata.replaces: kata for kata in self.katas if kata.replaces}

    def kata(self, kata_id: str) -> Kata:
        """Return the kata with this id; an unknown id is a `KataError`."""
        if kata := self._by_id.get(kata_id):
            return kata
        raise KataError(f"There is no kata `{kata_id}`.", nearest(kata_id, self._by_id))

    def lesson(self, name: str) -> Lesson:
        """Return a lesson by slug, name or number; an unknown one is a `KataError`."""
        for lesson in self.lessons:
            number = lesson.number
            if name in {lesson.slug, lesson.name, number, number.lstrip("0")}:
                return lesson
        raise KataError(
            f"There is no lesson `{name}`.",
            nearest(name, (lesson.slug for lesson in self.lessons)),
        )

    def lesson_of(self, kata: Kata) -> Lesson:
        """Return the lesson that a kata belongs to."""
        return self._lessons[kata.id]

    def in_file(self, file: str) -> tuple[Kata, ...]:
        """Return the katas that contribute to one file, in the order of their regions.

        A kata that replaces another stands where that one stood.
        """
        katas = [kata for kata in self.katas if kata.file == file]
        ids = [kata.id for kata in katas]
        return tuple(
            sorted(
                katas, key=lambda kata: ids.index([kata.id, *self.replaced(kata)][-1])
            )
        )

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The files that are no Python, each of which one kata writes."""
        return tuple(kata.file for kata in self.katas if not kata.is_python)

    def regions(self, file: str, text: str | None) -> Mapping[str, str]:
        """Return what a file holds of each kata, by id; None is a file that is not."""
        if text is None:
            return {}
        if is_python(file):
            return regions_in(text)
        return {kata.id: text_in(text) for kata in self.in_file(file)}

    def replaced(self, kata: Kata) -> tuple[str, ...]:
        """Return the katas whose place this one takes, by id, the latest first.

        What it replaces may have replaced another one itself.
        """
        found: list[str] = []
        while kata.replaces:
            found.append(kata.replaces)
            kata = self.kata(kata.replaces)
        return tuple(found)

    def successor(self, kata: Kata) -> Kata | None:
        """Return the kata that replaces this one, if there is one."""
        return self._successors.get(kata.id)

    def successors(self, kata: Kata) -> Iterator[Kata]:
        """Yield what replaces this kata, what replaces that, and so on."""
        while following := self.successor(kata):
            yield following
            kata = following
