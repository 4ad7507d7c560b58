"""The one exception that people are meant to read."""

import difflib
from collections.abc import Iterable


class KataError(Exception):
    """Something a person can fix: what happened, and what to do next."""

    def __init__(self, happened: str, next_step: str) -> None:
        super().__init__(happened, next_step)
        self.happened = happened
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.happened}\n{self.next_step}"


def nearest(word: str, known: Iterable[str]) -> str:
    """Return a sentence that suggests the known words closest to `word`."""
    close = difflib.get_close_matches(word, list(known), n=3, cutoff=0.5)
    if not close:
        return "Run `kata` to see them all."
    return f"Did you mean {' or '.join(f'`{match}`' for match in close)}?"


def listed(words: Iterable[str]) -> str:
    """Return words as a sentence names them: `a`, `a and b`, `a, b and c`."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
