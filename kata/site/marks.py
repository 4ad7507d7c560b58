"""Which lines of an example stand out: those that its explanation quotes."""

import builtins
import keyword
import re

from kata.course.master import Cell
from kata.errors import KataError

MARKS = "marks"
"""The metadata of an example that has marks of its own: texts in the lines meant."""
QUOTED = re.compile(r"`([^`\n]+)`")
TELLING = re.compile(r"[A-Z@=(_\[|.]")
"""What a quotation holds that is more than a word or a path."""
NO_CODE = re.compile(r'^\s*(#|from |import |print\(|f?")|"""')
"""Lines that only prepare or show."""
COMMON = {*dir(builtins), *keyword.kwlist}


def marked(cell: Cell, explanation: str, name: str) -> list[int]:
    """Return the numbers of the lines, the first one being 1.

    A mark of the metadata that no line holds is a `KataError`.
    """
    lines = cell.source.splitlines()
    texts = cell.raw.get("metadata", {}).get(MARKS)
    if texts is None:
        found = {_first(lines, text) for text in QUOTED.findall(explanation)}
        return sorted(found - {0})
    for text in texts:
        if not any(text in line for line in lines):
            raise KataError(
                f"{name} has no line with {text!r}, which it marks.",
                f"Change its metadata `{MARKS}`.",
            )
    return [at for at, line in enumerate(lines, 1) if any(t in line for t in texts)]


def _first(lines: list[str], quoted: str) -> int:
    """Return the first line that a quotation is from, or 0 where it marks none."""
    text = re.sub(r"(?<=\w)\(\)$", "", quoted).replace("…", "").strip()
    if text in COMMON or not TELLING.search(text) or text.startswith(("/", '"')):
        return 0
    whole = re.compile(
        (r"\b" if text[0].isalnum() else "")
        + re.escape(text)
        + (r"\b" if text[-1].isalnum() else "")
    )
    found = (
        at
        for at, line in enumerate(lines, 1)
        if whole.search(line) and not NO_CODE.search(line)
    )
    return next(found, 0)
