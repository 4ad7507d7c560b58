"""The few forms of Markdown that pages are made of, as MkDocs reads them."""

import html
import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence

SPECIAL = re.compile(r"([\\*_\[\]#|])|(&)|(<)|(>)")
ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
CODE_SPAN = re.compile(r"(`+[^`]+`+)")
BULLET = re.compile(r"( *)([-*+]|\d+[.)])( +)(?=\S)")
FENCE = re.compile(r" *(`{3,}|~{3,})")
INDENT = 4
"""Spaces that a line needs to belong to a list item or a fold."""


def escaped(text: str) -> str:
    """Return a sentence whose only markup is its `code`."""
    pieces = CODE_SPAN.split(text)
    return "".join(
        piece if odd % 2 else SPECIAL.sub(_literal, piece)
        for odd, piece in enumerate(pieces)
    )


def code(text: str) -> str:
    """Return a text as a code span."""
    ticks = "`" * (_longest_run(text) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def fence(
    text: str,
    language: str = "python",
    *,
    title: str = "",
    marked: Sequence[int] = (),
) -> str:
    """Return a block of code. The lines with the numbers in `marked` stand out."""
    ticks = "`" * max(3, _longest_run(text) + 1)
    named = f' title="{_quoted(title)}"' if title else ""
    lines = f' hl_lines="{" ".join(map(str, marked))}"' if marked else ""
    return f"{ticks}{language}{named}{lines}\n{text.rstrip()}\n{ticks}"


def output_fence(text: str) -> str:
    """Return a block of what a cell printed: it belongs to the code above it."""
    ticks = "`" * max(3, _longest_run(text) + 1)
    return f"{ticks} {{ .text .wrap .output }}\n{text.rstrip()}\n{ticks}"


def block(tag: str, body: str, **attributes: str) -> str:
    """Return an element of HTML whose inside is Markdown: `class_`, `data_kata`."""
    return f'<{tag}{_html(attributes)} markdown="1">\n\n{body.strip()}\n\n</{tag}>'


def quiet_fold(kind: str, title: str, body: str) -> str:
    """Return a fold that neither the search nor paper opens by itself."""
    summary = f"<summary>{html.escape(title, quote=False)}</summary>"
    return (
        f'<details class="{kind}" data-search-exclude markdown="1">\n'
        f"{summary}\n\n{body.strip()}\n\n</details>"
    )


def admonition(kind: str, title: str, body: str) -> str:
    """Return a framed block."""
    return f'!!! {kind} "{_quoted(title)}"\n\n{indented(body)}'


def fold(kind: str, title: str, body: str) -> str:
    """Return a block that opens with a click or a key."""
    return f'??? {kind} "{_quoted(title)}"\n\n{indented(body)}'


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of cells that are Markdown already."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def heading(level: int, text: str, anchor: str = "", **attributes: str) -> str:
    """Return a heading, with an anchor of its own."""
    named = f" {{ #{anchor}{_html(attributes)} }}" if anchor else ""
    return f"{'#' * level} {text}{named}"


def plain_heading(text: str, anchor: str) -> str:
    """Return a heading of level 3 that the table of contents leaves out."""
    return block("p", text, id=anchor, class_="title", role="heading", aria_level="3")


def indented(text: str) -> str:
    """Return a text as the inside of a fold or a list item."""
    return textwrap.indent(text, " " * INDENT)


def front_matter(**keys: str) -> str:
    """Return the head of a page."""
    lines = [f"{key}: {value}" for key, value in keys.items()]
    return "\n".join(["---", *lines, "---"])


def page(*parts: str) -> str:
    """Return a page of these blocks; empty ones are left out."""
    return "\n\n".join(part.strip("\n") for part in parts if part.strip()) + "\n"


def portable(source: str) -> str:
    """Return a notebook's Markdown so that MkDocs reads it as Jupyter does.

    MkDocs wants a blank line before a list, and four spaces where a list goes deeper.
    """
    lines: list[str] = []
    fenced, depth = "", 0
    for line in source.splitlines():
        mark = FENCE.match(line)
        if fenced:
            fenced = "" if mark and mark[1].startswith(fenced) else fenced
        elif mark:
            fenced = mark[1]
        elif item := BULLET.match(line):
            if lines and lines[-1].strip() and not depth:
                lines.append("")
            depth = len(item[0])
            level = -(-len(item[1]) // 2)
            line = " " * INDENT * level + line.lstrip()
        elif not line.strip() or not line.startswith(" "):
            depth = depth if line.strip() == "" else 0
        lines.append(line)
    return "\n".join(lines)


def _html(attributes: Mapping[str, str]) -> str:
    return "".join(
        f' {name.rstrip("_").replace("_", "-")}="{_quoted(value)}"'
        for name, value in attributes.items()
    )


def _literal(match: re.Match[str]) -> str:
    found = match[0]
    return ENTITIES.get(found, f"\\{found}")


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)


def _quoted(title: str) -> str:
    return title.replace('"', "&quot;")


def _cell(text: str) -> str:
    return " ".join(text.split()) or " "
