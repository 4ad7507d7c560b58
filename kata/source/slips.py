"""What to try where Python's own words about a cell that it can't parse mislead."""

import re

THEN = "Then run the cell again."
USUAL = "Fix that line, then run the cell again."
SLIPS = (
    (
        re.compile(r"=\s*\d+\.\d+\.\d+"),
        "A number has one dot at most, and a text stands in quotes. Write the quotes.",
    ),
    (
        re.compile(r"'(async with|await)' outside async function"),
        "This stands in an `async def` only. If whoever calls your function has an "
        "`async with` of their own, leave yours out, and return the object.",
    ),
)
"""Found in the message or in the line."""


def next_step(error: SyntaxError) -> str:
    """Return what to try after a syntax error."""
    said = f"{error.msg}\n{error.text or ''}"
    advice = next((advice for slip, advice in SLIPS if slip.search(said)), "")
    return f"{advice} {THEN}" if advice else USUAL
