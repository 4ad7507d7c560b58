"""Values in a message: where two of them part, and what is said again and again."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import combinations, pairwise

from kata.runner.report import Failure

QUOTED = re.compile(
    r"""(?<!\w)(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")(?!\w)""",
)
CONTRASTED = re.compile(
    r"\b(?:wanted|instead of|expected|rather than|should|kept as|came back|was to be)\b"
)
"""Words by which a check sets two values against each other."""
REPEATED = re.compile(
    r"(?:^|(?<=[.:;,!?]\s))(\w[^\n]{14,300}?)((?:[;,.]?\s+\1)+)(?!\w)", re.MULTILINE
)
"""It begins where a clause does: in a list, `x', 'close x', 'close` repeats nothing."""
QUOTES = ("'", '"')
SIMILAR = 0.6
PLAIN = 200
"""Characters of a message in which nothing has to be searched for."""
SHORTEST = 4
"""Characters of a text that is worth a mark."""
LONGEST = 72
"""Characters of a text that fits a line, so that a mark can stand below it."""


def parting(failure: Failure) -> tuple[str, ...]:
    """Return lines that show where two values part, or none.

    Checks write what came on the left of `==`, and what was wanted on the right.
    """
    if parted := failure.parted:
        one, other = parted.left, parted.right
        if parted.path and not _said_already(failure.message, one, other):
            rows = (f"At {parted.path}:", f"is      {one}", f"wanted  {other}")
            is_text = one[:1] in QUOTES and other[:1] in QUOTES
            mark = [f"{'':8}{mark}" for mark in _mark(one, other)] if is_text else []
            return (*rows, *mark)
        if _alike(one, other):
            return _marked(one, other)
    if pair := _nearly_the_same(failure.message):
        return _marked(*pair)
    return ()


def _said_already(message: str, *values: str) -> bool:
    """Tell whether a message is so short that one sees its values at once."""
    words = message.partition("\nassert ")[0]
    return len(words) < PLAIN and all(value in words for value in values)


def said_once(text: str) -> str:
    """Return a text in which what stands there again and again stands once."""

    def once(match: re.Match[str]) -> str:
        times = match[0].count(match[1])
        return f"{match[1]} (said {times} times)"

    return REPEATED.sub(once, text)


def _nearly_the_same(message: str) -> tuple[str, str] | None:
    """Return the two values that a message sets against each other, if so alike.

    What a check got and what it wanted stand side by side, mostly at the end.
    """
    if not CONTRASTED.search(message):
        return None
    quoted = [match[0] for match in QUOTED.finditer(message)]
    near = [*pairwise(quoted)][::-1]
    for one, other in [*near, *combinations(quoted, 2)]:
        fits = SHORTEST + 2 <= min(len(one), len(other)) <= LONGEST
        if fits and _alike(one, other):
            return one, other
    return None


def _alike(one: str, other: str) -> bool:
    if one == other or max(len(one), len(other)) > 2 * LONGEST:
        return False
    pair = one.casefold(), other.casefold()
    return SequenceMatcher(None, *pair).ratio() >= SIMILAR


def _marked(one: str, other: str) -> tuple[str, ...]:
    mark = [*_mark(one, other)]
    return (one, other, *mark) if mark else ()


def _mark(one: str, other: str) -> Iterator[str]:
    """Yield a caret below the first character that differs, in texts that can be read.

    What differs from its first letter on needs none.
    """
    shorter = min(len(one), len(other))
    at = next((i for i in range(shorter) if one[i] != other[i]), shorter)
    if at > 1:
        yield f"{'^':>{at + 1}}"
