"""Markdown for a terminal: paragraphs in lines that fit, code as it is."""

import re
import textwrap
from collections.abc import Iterator

from kata.display.text import WIDTH

FENCE = "```"
ITEM = re.compile(r"\s*(?:[-*]|\d+\.) ")
LINK = re.compile(r"\[([^]]+)\]\(([^)\s]+)\)")
STRONG = re.compile(r"\*\*(.+?)\*\*")


def plain(markdown: str) -> str:
    """Return Markdown as plain text of at most 80 columns, code and links excepted.

    What the course's prose uses is enough: paragraphs, lists, links, bold, code.
    """
    return "\n".join(_lines(markdown)).strip("\n")


def _lines(markdown: str) -> Iterator[str]:
    in_code = False
    paragraph: list[str] = []
    for line in [*markdown.splitlines(), ""]:
        fence = line.startswith(FENCE)
        if paragraph and (fence or not line.strip() or ITEM.match(line)):
            yield from _wrapped(" ".join(paragraph))
            paragraph = []
        if fence:
            in_code = not in_code
        elif in_code:
            yield f"    {line}".rstrip()
        elif line.strip():
            paragraph.append(line.strip())
        else:
            yield ""


def _wrapped(paragraph: str) -> list[str]:
    text = LINK.sub(r"\1 (\2)", STRONG.sub(r"\1", paragraph))
    item = ITEM.match(text)
    return textwrap.wrap(
        text,
        WIDTH,
        subsequent_indent="  " if item else "",
        break_long_words=False,
        break_on_hyphens=False,
    )
