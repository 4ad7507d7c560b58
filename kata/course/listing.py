"""curriculum.toml, read: what it may not say is told to whoever writes it."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kata.course.curriculum import Curriculum, Kata, Lesson, Part, Topic
from kata.errors import KataError, listed

KATA_ID = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
SLUG = re.compile(r"\d\d_[a-z][a-z0-9_]*")


def load(path: Path) -> Curriculum:
    """Read curriculum.toml. What it may not say is a `KataError`."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise KataError(
            f"There is no course in {path.parent}: curriculum.toml is missing.",
            "Install the course again, or point KATA_COURSE at its folder.",
        ) from None
    except (OSError, ValueError) as error:
        raise KataError(f"{path.name} can't be read: {error}.", "Fix it.") from None
    try:
        parts = tuple(_part(part) for part in table.get("parts", ()))
        topics = tuple(_topics(table.get("topics", {})))
        curriculum = Curriculum(table["title"], parts, table.get("files", {}), topics)
    except (KeyError, TypeError) as error:
        raise KataError(
            f"{path.name} lacks a key, or has one too many: {error}.",
            "Look at how its other entries are written.",
        ) from None
    _refuse_twins(curriculum)
    _refuse_shared_texts(curriculum)
    _refuse_odd_replacements(curriculum)
    _refuse_strange_topics(curriculum)
    return curriculum


def _part(table: Mapping[str, Any]) -> Part:
    return Part(table["title"], tuple(_lesson(row) for row in table["lessons"]))


def _lesson(table: Mapping[str, Any]) -> Lesson:
    lesson = Lesson(
        table["slug"],
        table["title"],
        tuple(Kata(**row) for row in table["katas"]),
        table.get("cannot", ""),
    )
    if not SLUG.fullmatch(lesson.slug):
        raise KataError(
            f"`{lesson.slug}` is not a lesson slug.", "Write it like `02_models`."
        )
    for kata in lesson.katas:
        if not KATA_ID.fullmatch(kata.id) or not kata.id.startswith(lesson.name + "."):
            raise KataError(
                f"`{kata.id}` is not an id for a kata of {lesson.slug}.",
                f"Write it like `{lesson.name}.something`.",
            )
    return lesson


def _topics(table: Mapping[str, Mapping[str, Any]]) -> Iterator[Topic]:
    for title, row in table.items():
        yield Topic(title, tuple(row["lessons"]), tuple(row["katas"]))


def _refuse_strange_topics(curriculum: Curriculum) -> None:
    for topic in curriculum.topics:
        for kata_id in topic.katas:
            lesson = curriculum.lesson_of(curriculum.kata(kata_id))
            if lesson.number not in topic.lessons:
                raise KataError(
                    f"{kata_id} is in lesson {lesson.number}, which curriculum.toml "
                    f"doesn't list for the topic `{topic.title}`.",
                    "Add the lesson to the topic, or take the kata out of it.",
                )


def _refuse_twins(curriculum: Curriculum) -> None:
    seen: set[str] = set()
    for lesson in curriculum.lessons:
        for word in (lesson.number, lesson.name, *(kata.id for kata in lesson.katas)):
            if word in seen:
                raise KataError(
                    f"curriculum.toml lists `{word}` twice.", "Keep one of the two."
                )
            seen.add(word)


def _refuse_shared_texts(curriculum: Curriculum) -> None:
    for file in curriculum.texts:
        katas = [kata.id for kata in curriculum.in_file(file)]
        if len(katas) > 1:
            raise KataError(
                f"{listed(katas)} write {file}, and a file that is no Python has no "
                "parts: it is the text of one kata.",
                "Give each a file of its own, or make them one kata.",
            )


def _refuse_odd_replacements(curriculum: Curriculum) -> None:
    replaceable: dict[str, str] = {}
    for kata in curriculum.katas:
        if kata.replaces and replaceable.pop(kata.replaces, "") != kata.file:
            raise KataError(
                f"{kata.id} can't replace `{kata.replaces}`.",
                "A kata replaces one earlier kata of its own file, which no other "
                "kata replaces.",
            )
        replaceable[kata.id] = kata.file
