"""The text of one cell: its `#| key: value` options, and its lines."""

import re
from itertools import takewhile

OPTION = re.compile(r"#\|\s*([a-z_]+)\s*:\s*(.*?)\s*")


def lines_of(text: str) -> list[str]:
    """Return a text's lines as Python counts them.

    `str.splitlines` knows further ends of a line, and those may stand in a string.
    """
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def option_lines(source: str) -> list[str]:
    """Return the `#| key: value` lines at the head of a cell."""
    lines = lines_of(source.removeprefix("\ufeff"))
    return list(takewhile(OPTION.fullmatch, lines))


def options(source: str) -> dict[str, str]:
    """Return the options of a cell by key."""
    matches = map(OPTION.fullmatch, option_lines(source))
    return {match[1]: match[2] for match in matches if match}


def without_option(source: str, key: str) -> str:
    """Return a cell without one of its options."""
    head = option_lines(source)
    rest = lines_of(source.removeprefix("\ufeff"))[len(head) :]
    kept = [line for line in head if key not in options(line)]
    return "\n".join([*kept, *rest])


def normalised(source: str) -> str:
    """Return a cell's text with the differences removed that nobody can see."""
    lines = lines_of(source.removeprefix("\ufeff").strip())
    return "\n".join(line.rstrip() for line in lines)
