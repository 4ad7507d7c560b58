"""A cell's options as people get them wrong: nearly right, and so no options at all.

A line that is passed over in silence costs a learner an hour. So whatever comes near an
option of the course, and is none, is found here, and said.
"""

import io
import re
import tokenize
from collections.abc import Collection, Iterator
from contextlib import suppress
from difflib import get_close_matches

from kata.errors import KataError, listed
from kata.source.cell import lines_of, option_lines, options

WORDS = ("kata", "needs", "example", "variant")
"""The options that mean something in a notebook."""
ALONE = ("kata", "needs", "example")
"""Those of which a cell has one."""
ALIKE = 0.8
"""How much of a word has to be there for a slip of the keyboard."""
NEAR = re.compile(r"#\s*\|\s*([A-Za-z]+)\s*[:\uff1a=-]?\s*(.*?)\s*")
MAY_BE = re.compile(r"^\s*#+\s*(?:\||kata)", re.IGNORECASE | re.MULTILINE)
"""What a text holds that may be worth a closer look."""
HEADER = re.compile(r"#+\s*kata\s*[:\uff1a]\s*(\S+)\s*", re.IGNORECASE)
"""How a kata's part of a file begins: no way to begin a cell."""


def refuse_near_misses(source: str, katas: Collection[str]) -> None:
    """Raise a `KataError` where a cell has nearly an option; `katas` are all ids.

    A cell that has its options right, and one that has none, raises nothing.
    """
    head = option_lines(source)
    # In a kata's cell, such a line is a mistake of another kind.
    headers = katas if "kata" not in options(source) else ()
    lines = lines_of(source.removeprefix("\ufeff"))
    for number in _comment_lines(lines):
        text = lines[number - 1].strip()
        meant = _meant(text, headers)
        is_right = number <= len(head) and options(text) == options(meant)
        if meant and not is_right:
            raise _near_miss(number, text, meant)
    _refuse_several(head)


def kata_meant(source: str, katas: Collection[str]) -> tuple[str, KataError] | None:
    """Return the kata that a cell nearly names, and what is to be said; None mostly."""
    if not (MAY_BE.search(source) and "kata" not in options(source)):
        return None
    for line in lines_of(source):
        meant = options(_meant(line.strip(), katas)).get("kata", "")
        if meant in katas:
            try:
                refuse_near_misses(source, katas)
            except KataError as error:
                return meant, error
    return None


def _meant(text: str, katas: Collection[str]) -> str:
    """Return the option that a comment is, or is meant to be, or nothing."""
    header = HEADER.fullmatch(text)
    if header and header[1] in katas:
        return f"#| kata: {header[1]}"
    near = NEAR.fullmatch(text)
    if near is None:
        return ""
    words = get_close_matches(near[1].lower(), WORDS, n=1, cutoff=ALIKE)
    return f"#| {words[0]}: {near[2]}".rstrip() if words else ""


def _near_miss(number: int, text: str, meant: str) -> KataError:
    if options(text) == options(meant):
        return KataError(
            f"This cell was not run: `{text}` is its line {number}, where it means "
            "nothing.",
            "Make it the first line of the cell. What belongs to another kata goes "
            "into a cell of its own.",
        )
    return KataError(
        f"This cell was not run: its line {number}, `{text}`, is nearly what the "
        "course reads, and not quite. A formatter may have changed it.",
        f"Make `{meant}` the first line of the cell, then run it again.",
    )


def _refuse_several(head: list[str]) -> None:
    keys = [key for line in head for key in options(line)]
    for key in WORDS:
        if keys.count(key) > 1:
            both = listed(f"`{line}`" for line in head if key in options(line))
            raise KataError(
                f"This cell was not run: it begins with {both}; only one can count.",
                "Leave one of them. What belongs to the other goes into a cell of its "
                "own.",
            )
    chosen = [key for key in ALONE if key in keys]
    if len(chosen) > 1:
        both = listed(f"`#| {key}:`" for key in chosen)
        raise KataError(
            f"This cell was not run: {both} do not go together in one cell.",
            "Leave one of them: `#| kata:` for an answer, `#| needs:` for a cell that "
            "tries things out.",
        )


def _comment_lines(lines: list[str]) -> Iterator[int]:
    """Yield the lines, from 1, that are comments: what stands in a string is none.

    Where Python can't tell, any line that begins as a comment counts.
    """
    begin = [number for number, line in enumerate(lines, 1) if _begins(line)]
    if not begin:
        return
    comments: set[int] | None = None
    with suppress(tokenize.TokenError, SyntaxError):
        tokens = tokenize.generate_tokens(io.StringIO("\n".join(lines)).readline)
        comments = {one.start[0] for one in tokens if one.type == tokenize.COMMENT}
    yield from (one for one in begin if comments is None or one in comments)


def _begins(line: str) -> bool:
    return line.lstrip().startswith("#")
