"""An answer beside the reference: as text for a terminal, as HTML for a notebook."""

from collections.abc import Callable, Iterator
from html import escape

from kata.display.styles import BLUE, CODE, GREEN, RED, block
from kata.loop.reveal import Revealed
from kata.source.compare import Line

SAME = "Your answer and the reference say the same; at most their form differs."
LEGEND = "Lines with - are yours, lines with + the reference's."
COLOUR = {"-": RED, "+": GREEN}


def text(shown: Revealed, paint: Callable[[str, str], str] | None = None) -> str:
    """Return it as plain text; `paint` may colour a line by its mark."""
    return "\n".join(_lines(shown, paint or (lambda line, _: line)))


def html(shown: Revealed) -> str:
    """Return it as one HTML block, whose colours only repeat the marks."""
    parts = [f"<strong>{escape(shown.kata)}</strong>, yours and the reference"]
    if shown.lines:
        rows = "".join(_row(line) for line in shown.lines)
        parts.append(f'{LEGEND}<pre style="{CODE}">{rows}</pre>')
    else:
        parts.append(SAME)
    for title, code in shown.others:
        summary = f"<summary>Also right: {escape(title)}</summary>"
        code = f'<pre style="{CODE}">{escape(code)}</pre>'
        parts.append(f"<details>{summary}{code}</details>")
    return (
        f'<div style="{block(BLUE)}">'
        f"{''.join(f'<div>{part}</div>' for part in parts)}</div>"
    )


def _lines(shown: Revealed, paint: Callable[[str, str], str]) -> Iterator[str]:
    if shown.lines:
        yield LEGEND
        yield ""
        yield paint("--- yours", "-")
        yield paint("+++ the reference", "+")
        for line in shown.lines:
            yield paint(f"{line.mark}{line.text}".rstrip(), line.mark)
    else:
        yield SAME
    for title, code in shown.others:
        yield ""
        yield f"Also right: {title}"
        yield ""
        yield from (f"    {row}".rstrip() for row in code.splitlines())


def _row(line: Line) -> str:
    row = escape(f"{line.mark}{line.text}") or " "
    if line.mark not in COLOUR:
        return f"{row}\n"
    # A band instead of coloured text: the theme's own text colour stays legible.
    band = f"background:{COLOUR[line.mark]}33;display:block"
    return f'<span style="{band}">{row}</span>'
