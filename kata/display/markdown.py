"""Markdown as HTML for a notebook's output."""

from functools import cache
from typing import TYPE_CHECKING

from kata.display.styles import CODE

if TYPE_CHECKING:
    from markdown_it import MarkdownIt


def rendered(source: str) -> str:
    """Return Markdown as HTML; HTML within it is shown as the text that it is."""
    html = str(_parser().render(source))
    return html.replace("<pre>", f'<pre style="{CODE}">')


@cache
def _parser() -> "MarkdownIt":
    # Not before it is needed: most commands never show any.
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable("table")
