"""What a page says of a kata that it can't run, or in which it is not what it seems."""

import tomllib
from dataclasses import dataclass

from kata.course.course import Course
from kata.errors import KataError

DATA = "site/in-the-page.toml"


@dataclass(frozen=True)
class Mark:
    """What stands beside a kata's button, or in its place where it does not run."""

    said: str
    runs: bool = True
    blind: tuple[str, ...] = ()
    """The checks that can't fail in a page, whatever the answer."""
    example: bool = True
    """Whether its example runs there; a demo that needs it does if the kata does."""


def load(course: Course) -> dict[str, Mark]:
    """Read the marks, by kata. What does not fit is a `KataError`."""
    path = course.root / DATA
    if not path.exists():
        return {}
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))["katas"]
        marks = {kata: Mark(**row) for kata, row in table.items()}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise KataError(
            f"{DATA} can't be read: {error}.",
            "Look at how its other entries are written.",
        ) from None
    for kata in marks:
        course.curriculum.kata(kata)
    return marks
