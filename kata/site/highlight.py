"""Python code in colour, at a third of the weight."""

from collections.abc import Iterable, Iterator
from typing import Any

from pygments.filter import Filter  # type: ignore[import-untyped]
from pygments.lexer import Lexer  # type: ignore[import-untyped]
from pygments.token import (  # type: ignore[import-untyped]
    Comment,
    Keyword,
    String,
    Text,
)

COLOURED = (Keyword, Comment, String.Doc)
"""What a reader looks for first. Every other token would be wrapped in an element as
well, and those elements outweigh the code."""
PLAIN = (Keyword.Namespace, Keyword.Constant)
"""`from` and `import`, with which every cell begins; True, False and None."""


class Quiet(Filter):  # type: ignore[misc]  # pygments is untyped
    """Colour a few kinds of tokens. mkdocs.yml names it as a filter for Python code."""

    def filter(
        self, lexer: Lexer, stream: Iterable[tuple[Any, str]]
    ) -> Iterator[tuple[Any, str]]:
        """Yield each token as one of those kinds, or as text."""
        del lexer
        for kind, value in stream:
            coloured = (one for one in COLOURED if kind in one)
            yield Text if kind in PLAIN else next(coloured, Text), value
