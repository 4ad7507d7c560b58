"""Regular expressions that let a little more through, or a little less."""

import re
from collections.abc import Iterator

TOKEN = re.compile(
    r"(?P<class>\[\^?\]?(?:\\.|[^\]\\])*\]|\\[dws])"
    r"|\{(?P<low>\d+)(?P<comma>,?)(?P<high>\d*)\}"
    r"|\(\?|(?P<sign>[+*?])"
    r"|\\.|.",
    re.DOTALL,
)
ELEMENT = re.compile(r"(?:\\.|[^\\])(?:-(?:\\.|[^\\]))?", re.DOTALL)
SIGNS = {"+": "*", "*": "+", "?": ""}


def changed_patterns(pattern: str) -> Iterator[str]:
    """Yield a pattern without an anchor, with other bounds, with other characters."""
    if pattern.startswith("^"):
        yield pattern[1:]
    for token in TOKEN.finditer(pattern):
        for other in _others(token):
            changed = pattern[: token.start()] + other + pattern[token.end() :]
            if _is_pattern(changed):
                yield changed
    if pattern.endswith("$"):
        yield pattern[:-1]


def _others(token: re.Match[str]) -> Iterator[str]:
    """Yield what may stand in the place of one part of a pattern."""
    if token["class"]:
        yield "."
        yield from _smaller_classes(token["class"])
    elif token["low"]:
        yield from _other_bounds(token["low"], token["comma"], token["high"])
    elif token["sign"]:
        yield SIGNS[token["sign"]]


def _smaller_classes(characters: str) -> Iterator[str]:
    head = 2 if characters.startswith("[^") else 1
    elements = [*ELEMENT.finditer(characters, head, len(characters) - 1)]
    for one in elements if len(elements) > 1 else ():
        yield characters[: one.start()] + characters[one.end() :]


def _other_bounds(low: str, comma: str, high: str) -> Iterator[str]:
    for step in (-1, 1):
        if int(low) + step >= 0:
            yield f"{{{int(low) + step}{comma}{high}}}"
        if high:
            yield f"{{{low}{comma}{int(high) + step}}}"
    if high:
        yield f"{{{low},}}"
        yield f"{{0,{high}}}"


def _is_pattern(text: str) -> bool:
    try:
        re.compile(text)
    except re.error:
        return False
    return True
