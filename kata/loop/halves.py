"""A kata's cell that was split in two: one half counts, and the other is lost."""

from collections.abc import Iterable
from textwrap import dedent, indent

from kata.source.cell import lines_of, normalised, options
from kata.source.syntax import UNREADABLE, parsed


def lost_end(source: str, before: Iterable[str]) -> int:
    """Return how many lines of code a cell has lost at its end; 0 if it has not.

    `before` are texts that it had. Lines that a reader would not miss do not count.
    """
    now = normalised(source) + "\n"
    for text in map(normalised, before):
        rest = text.removeprefix(now)
        if rest != text and _is_code(rest):
            return len(lines_of(rest.strip()))
    return 0


def is_end_of(source: str, before: Iterable[str]) -> bool:
    """Tell whether a cell without an option is the second half of one of these."""
    if options(source) or not _is_code(source):
        return False
    first = next(line for line in lines_of(source) if line.strip())
    end = f"\n{first[: -len(first.lstrip())]}{normalised(source)}"
    return any(normalised(text).endswith(end) for text in before)


def _is_code(text: str) -> bool:
    """Tell whether a text is code: by itself, or as the end of a function."""
    inside = f"async def function():\n{indent(dedent(text), '    ')}"
    return any(_holds_statements(one) for one in (dedent(text), inside))


def _holds_statements(text: str) -> bool:
    try:
        return bool(parsed(text).body)
    except UNREADABLE:
        return False
