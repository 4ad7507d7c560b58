"""What a master's cells have stored as outputs, for a page."""

import re
from collections.abc import Iterator
from html import escape
from xml.etree import ElementTree as ET

from kata.course.master import Cell, Raw
from kata.display.words import REASON
from kata.errors import KataError
from kata.site.markdown import output_fence

HOLDS = "holds"
"""The word before a rule that holds; it is the name of its colour, too."""
SPACE = re.compile(r"\s+")

Element = ET.Element


def outputs(cell: Cell, name: str) -> str:
    """Return all outputs of a cell; one that no page can show is a `KataError`."""
    return "\n\n".join(_output(one, name) for one in cell.raw.get("outputs", ()))


def verdict(cell: Cell, name: str) -> str:
    """Return the verdict a kata's cell has stored, or nothing if it never ran.

    It is the notebook's own display, with names of classes in place of its colours.
    """
    return "\n\n".join(_verdict(one, name) for one in cell.raw.get("outputs", ()))


def verdict_of(text: str) -> str:
    """Return a verdict in the notebook's HTML as a page shows it; else nothing."""
    try:
        tree = ET.fromstring(text)  # noqa: S314 - the course's own display
    except ET.ParseError:
        return ""
    if not len(tree):
        return ""
    badge = tree[0].findtext("strong")
    status = next((status for status, word in REASON.items() if word == badge), None)
    if status is None:
        return ""
    head = f'<div class="head">{_headline(tree[0])}</div>'
    inside = "".join(part for child in tree[1:] for part in _block(child))
    # The search finds each rule in the task; a second place would be a second hit.
    # MkDocs leaves a block out until any of its kind ends, and there are `div`s inside.
    return (
        f'<section class="verdict {status.name.lower()}" data-search-exclude '
        f'markdown="0">{head}{inside}</section>'
    )


def _output(output: Raw, name: str) -> str:
    if output["output_type"] == "stream":
        return output_fence("".join(output["text"]))
    data = output.get("data", {})
    if picture := "".join(data.get("image/svg+xml", ())).strip():
        return f'<figure markdown="0">{" ".join(picture.split())}</figure>'
    if "text/plain" not in data:
        kinds = ", ".join(data) or output["output_type"]
        raise KataError(
            f"{name} has stored an output that no page can show: {kinds}.",
            "Let the cell print text, then run `kata build --run`.",
        )
    return output_fence("".join(data["text/plain"]))


def _verdict(output: Raw, name: str) -> str:
    text = "".join(output.get("data", {}).get("text/html", ()))
    return verdict_of(text) or _output(output, name)


def _headline(line: Element) -> str:
    """Return a verdict's first line: its word as a badge, the kata, the count."""
    said, badges = "", 0
    for child in line:
        if child.tag == "strong":
            named = ' class="badge"' if not badges else ""
            said += f"<strong{named}>{_inline(child)}</strong>"
            badges += 1
        said += _text(child.tail)
    return said.strip()


def _block(node: Element) -> Iterator[str]:
    """Yield one element of a verdict, by its tag."""
    if node.tag == "ul":
        yield f"<ul>{''.join(map(_rule, node))}</ul>"
    elif node.tag == "pre":
        yield f"<pre>{escape(''.join(node.itertext()), quote=False)}</pre>"
    elif node.tag == "details":
        # The rules that hold are listed. pytest's own report stays in the notebook: a
        # reader has the rule, the message and the exchange.
        yield from (part for child in node.iter("ul") for part in _block(child))
    elif said := _inline(node):
        yield f"<div>{said}</div>"


def _rule(item: Element) -> str:
    if len(item) < len(("mark", "text")):
        return f"<li>{_inline(item)}</li>"
    mark = SPACE.sub(" ", "".join(item[0].itertext())).strip()
    named = HOLDS if mark == HOLDS else "open"
    said = " ".join(map(_inline, item[1:]))
    return f'<li><span class="word {named}">{mark}</span> <span>{said}</span></li>'


def _inline(node: Element) -> str:
    said = _text(node.text)
    for child in node:
        inside = _inline(child)
        if child.tag == "code":
            said += f"<code>{escape(''.join(child.itertext()), quote=False)}</code>"
        elif child.tag == "strong":
            said += f"<strong>{inside}</strong>"
        else:
            said += inside
        said += _text(child.tail)
    return said.strip()


def _text(text: str | None) -> str:
    return escape(SPACE.sub(" ", text or ""), quote=False)
