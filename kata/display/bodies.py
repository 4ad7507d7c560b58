"""A request's or a response's body in a verdict: whole, or the part that matters."""

import json
import re
from collections.abc import Collection, Iterator
from typing import Any
from urllib.parse import parse_qsl

LONGEST = 400
"""Characters of a body that is shown as it is."""
LINES = 8
"""Lines of a body that is shown as it is."""
AROUND = 150
"""Characters on either side of what matters, in a text that is no JSON."""
PARTS = 4
"""Parts of a JSON value that are shown, each with its path."""
ITEMS = 3
"""Items of a list that stand for the others."""
WORD = re.compile(r"""'([^'\n]{2,80})'|"([^"\n]{2,80})"|`([^`\n]{2,80})`""")
TOKEN = re.compile(r"""("(?:[^"\\]|\\.)*")|([,:])(?!\s)""")
"""A text, which stays as it is, or what stands between two parts."""
FORM = re.compile(r"[\w.-]+=[^&=\s]*(?:&[\w.-]+=[^&=\s]*)*")
LONG_WORD = re.compile(r"\S{80,}")
SHORT = 12
"""Characters that are left of a word that is longer than a line, in a header."""
ELSE = "…"


def excerpt(body: str, about: str) -> str:
    """Return a body, cut where it would bury the verdict.

    What is quoted in `about`, the message of the check, is what matters: of a long JSON
    text everything else is left out, and the path to it stays.
    """
    body = body.strip("\n")
    is_short = len(body) <= LONGEST and body.count("\n") < LINES
    words = {word for found in WORD.findall(about) for word in found if word}
    try:
        value = json.loads(body)
    except ValueError:
        return body if is_short else _part(body, words)
    return _spaced(body) if is_short else _outline(value, words)


def form(body: str) -> str:
    """Return an HTML form's body as names and values, or nothing if it is none."""
    if not (FORM.fullmatch(body) and re.search(r"[%+&]", body)):
        return ""
    pairs = parse_qsl(body, keep_blank_values=True)
    return "\n".join(f"{name} = {value!r}" for name, value in pairs)


def header(line: str) -> str:
    """Return a header's line; of a token its beginning is enough."""
    return LONG_WORD.sub(lambda found: f"{found[0][:SHORT]}{ELSE}", line)


def _spaced(text: str) -> str:
    """Put a space after each comma and colon of JSON, where a line may be broken.

    No value changes by that; a number stays as it was written.
    """
    return TOKEN.sub(lambda found: found[1] or f"{found[2]} ", text)


def _part(text: str, words: Collection[str]) -> str:
    """Cut a text at white space, around the first of these words that it holds."""
    at = min((place for word in words if (place := text.find(word)) >= 0), default=0)
    start, end = max(0, at - AROUND), max(LONGEST, at + AROUND)
    kept = text[start:end]
    if end < len(text):
        kept = kept.rsplit(maxsplit=1)[0] if " " in kept or "\n" in kept else kept
    if start and (space := re.search(r"\s", kept)):
        kept = kept[space.end() :]
    lines = kept.splitlines()
    before, after = ELSE if start else "", ELSE if end < len(text) else ""
    if len(lines) > LINES:
        lines, after = lines[:LINES], ELSE
    return f"{before}{chr(10).join(lines)}{after and ' ' + after}"


def _outline(value: Any, words: Collection[str]) -> str:  # noqa: ANN401 - any JSON
    """Return the parts of a JSON value that hold one of these words, and their paths.

    Where none does, it is shown as deep as there is room.
    """
    whole = json.dumps(value, ensure_ascii=False)
    if len(whole) <= LONGEST:
        return whole
    parts = [*_parts(value, words)]
    if parts:
        named = [part for part, is_named in parts if is_named]
        return _listed(named or [part for part, _ in parts])
    for depth in range(5, 0, -1):
        text = _shallow(value, depth)
        if len(text) <= LONGEST:
            return text
    return _cut(_shallow(value, 1))


def _parts(
    value: Any,  # noqa: ANN401 - any JSON
    words: Collection[str],
    path: str = "",
) -> Iterator[tuple[str, bool]]:
    """Yield `path: value` for each part that a word names, or that holds one."""
    for step, part in _items(value):
        where = f"{path}[{step!r}]"
        inner = [] if step in words else [*_parts(part, words, where)]
        text = isinstance(part, str) and any(word in part for word in words)
        if step in words or text:
            yield f"{where}: {_cut(_shallow(part, 2))}", step in words
        yield from inner


def _items(value: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, list):
        yield from enumerate(value)


def _listed(parts: list[str]) -> str:
    shown = parts[:PARTS]
    if more := len(parts) - len(shown):
        shown.append(f"{ELSE} and {more} more")
    return "\n".join(shown)


def _shallow(value: Any, depth: int) -> str:  # noqa: ANN401 - any JSON
    """Write JSON down to a depth; what lies deeper is left out."""
    if not isinstance(value, dict | list) or not value:
        return json.dumps(value, ensure_ascii=False)
    left, right = "{}" if isinstance(value, dict) else "[]"
    if depth == 0:
        return f"{left}{ELSE}{right}"
    if isinstance(value, dict):
        inside = [
            f"{json.dumps(key, ensure_ascii=False)}: {_shallow(part, depth - 1)}"
            for key, part in value.items()
        ]
    else:
        inside = [_shallow(part, depth - 1) for part in value[:ITEMS]]
        inside += (
            [f"{ELSE} and {more} more"] if (more := len(value) - ITEMS) > 0 else []
        )
    return f"{left}{', '.join(inside)}{right}"


def _cut(text: str) -> str:
    """Cut JSON between two of its parts, never within a word."""
    if len(text) <= LONGEST:
        return text
    end = text.rfind(", ", 0, LONGEST)
    return f"{text[: end if end > 0 else LONGEST]}, {ELSE}"
