"""Lists of validation errors: the first one in words, and how many there are."""

import re

ROWS = re.compile(r"(?P<count>\d+) validation errors?:\n *(?P<first>\{.*)(?:\n.*\S.*)*")
"""How FastAPI lists them: a dict a line. A long list has lost lines in its middle."""
ROW = re.compile(
    r"\{'type': '[^']*', 'loc': \((?P<place>.*?),?\), "
    r"'msg': (?P<quote>['\"])(?P<said>.*?)(?P=quote), "
    r"'input': (?P<input>.*?)(?:, 'ctx': .*|, 'url': .*)?\}?$"
)
BLOCKS = re.compile(
    r"(?P<count>\d+) validation errors for (?P<model>.*)"
    r"(?P<first>\n\S.*\n  .*)(?:\n\S.*\n  .*)+(?:\n…\n.*(?:\n  .*)?(?:\n\S.*\n  .*)*)?"
)
"""How Pydantic lists them: the place in a line, and what is wrong in the next ones."""
LINK = re.compile(r"\n\s*For further information visit \S+")
LONGEST = 120
"""Characters of a value that is shown."""


def first_of(text: str) -> str:
    """Return a text in which a list of validation errors is cut to its first entry."""
    return ROWS.sub(_first_row, BLOCKS.sub(_first_block, LINK.sub("", text)))


def _first_row(match: re.Match[str]) -> str:
    row = ROW.match(match["first"])
    if row is None:
        return match[0]
    steps = (step.strip().strip("'\"") for step in row["place"].split(","))
    place = "".join(f"[{one}]" if one.isdigit() else f".{one}" for one in steps)
    value = row["input"]
    shown = value if len(value) <= LONGEST else f"{value[:LONGEST]}…"
    return (
        f"{row['said'].rstrip('.')}, at `{place.lstrip('.')}`, where the value was "
        f"{shown}.{_others(int(match['count']) - 1)}"
    )


def _first_block(match: re.Match[str]) -> str:
    count = int(match["count"])
    head = f"{count} validation errors for {match['model']}"
    return f"{head}{match['first']}\n{_others(count - 1).strip()}"


def _others(number: int) -> str:
    if not number:
        return ""
    return f" ({number} more {'is' if number == 1 else 'are'} left out here.)"
