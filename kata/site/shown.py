"""What a master's cells have stored as outputs, as Markdown."""

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from kata.course.master import Cell, Raw
from kata.display.words import REASON
from kata.errors import KataError
from kata.site.markdown import admonition, code, escaped, wrapped_fence
from kata.verdict import Status

KIND = {
    Status.PASSED: "success",
    Status.FAILED: "failure",
    Status.BROKEN: "danger",
    Status.UNTOUCHED: "info",
    Status.BLOCKED: "warning",
    Status.UNAVAILABLE: "warning",
    Status.GIVEN: "info",
}
"""The admonition that stands for a verdict's colour."""
HOLDS = "holds"
"""The word before a rule that gets a colour of its own, by the class of this name."""
SPACE = re.compile(r"\s+")

Element = ET.Element


def outputs(cell: Cell, name: str) -> str:
    """Return all outputs of a cell; one that no page can show is a `KataError`."""
    return "\n\n".join(_output(one, name) for one in cell.raw.get("outputs", ()))


def verdict(cell: Cell, name: str) -> str:
    """Return the verdict a kata's cell has stored, or nothing if it never ran."""
    return "\n\n".join(_verdict(one, name) for one in cell.raw.get("outputs", ()))


def headline(cell: Cell) -> str:
    """Return the first line of a stored verdict: `passed …, all 5 rules hold`."""
    for one in cell.raw.get("outputs", ()):
        tree = _tree(one)
        if tree is not None and len(tree):
            return _headline(tree[0])
    return ""


def _output(output: Raw, name: str) -> str:
    if output["output_type"] == "stream":
        return wrapped_fence("".join(output["text"]))
    data = output.get("data", {})
    if "text/plain" not in data:
        kinds = ", ".join(data) or output["output_type"]
        raise KataError(
            f"{name} has stored an output that no page can show: {kinds}.",
            "Let the cell print text, then run `kata build --run`.",
        )
    return wrapped_fence("".join(data["text/plain"]))


def _verdict(output: Raw, name: str) -> str:
    tree = _tree(output)
    if tree is None or not len(tree):
        return _output(output, name)
    badge = tree[0].findtext("strong")
    kind = next((KIND[status] for status, word in REASON.items() if word == badge), "")
    if not kind:
        return _output(output, name)
    blocks = [block for child in tree[1:] for block in _block(child)]
    # The notebook names the first rule that does not hold twice; its message follows
    # the list here as well.
    blocks = [one for one in blocks if not _repeats(one, blocks[0])]
    return admonition(kind, escaped(_headline(tree[0])), "\n\n".join(blocks))


def _repeats(block: str, rules: str) -> bool:
    return block.startswith("**") and block != rules and block.strip("*") in rules


def _headline(line: Element) -> str:
    badge = line.findtext("strong") or ""
    return f"{badge.capitalize()}: {_plain(line).partition(badge)[2].strip()}"


def _tree(output: Raw) -> Element | None:
    text = "".join(output.get("data", {}).get("text/html", ()))
    try:
        return ET.fromstring(text)  # noqa: S314 - the course's own display
    except ET.ParseError:
        return None


def _block(node: Element) -> Iterator[str]:
    """Yield one element of a verdict, by its tag."""
    if node.tag == "ul":
        yield "\n".join(f"- {_rule(item)}" for item in node)
    elif node.tag == "pre":
        yield wrapped_fence("".join(node.itertext()))
    elif node.tag != "details" and (said := _inline(node)):
        # pytest's own report stays in the notebook: a reader has the rule, the message
        # and the exchange, and it would be a tenth of the page.
        yield said


def _rule(item: Element) -> str:
    if len(item) < len(("mark", "text")):
        return _inline(item)
    mark = _plain(item[0])
    named = f"**{mark}**{{ .{HOLDS} }}" if mark == HOLDS else f"**{mark}**"
    return f"{named} {' '.join(map(_inline, item[1:]))}"


def _inline(node: Element) -> str:
    said = _text(node.text)
    for child in node:
        if child.tag == "code":
            said += code("".join(child.itertext()))
        elif child.tag == "strong":
            said += f"**{_inline(child)}**"
        else:
            said += _inline(child)
        said += _text(child.tail)
    return said.strip()


def _text(text: str | None) -> str:
    return escaped(SPACE.sub(" ", text or ""))


def _plain(node: Element) -> str:
    return SPACE.sub(" ", "".join(node.itertext())).strip()
