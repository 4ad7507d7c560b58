#| kata: security_review.review
#| refused_by: test_each_line_is_right
# Accuses the line that hands on what nobody has compared.
from enum import StrEnum


class Hole(StrEnum):
    """What somebody could do to whoever merges a change."""

    ASSERT = "a guard that is gone with python -O"
    INJECTION = "what a client sends becomes a part of a query"
    LEAK = "a client reads what happened inside"
    SEARCHED = "a secret is written to the log"
    OWNER = "somebody else's row is read"
    SSRF = "Waybill asks whatever URL a client names"
    TIMING = "a secret is compared character by character"
    UNDECLARED = "a client sets a column that no model declares"


FOUND: dict[Hole, int] = {
    Hole.UNDECLARED: 2,
    Hole.INJECTION: 12,
    Hole.OWNER: 21,
    Hole.SSRF: 30,
    Hole.LEAK: 32,
    Hole.SEARCHED: 42,
    Hole.ASSERT: 43,
    Hole.TIMING: 46,
}
"""In which line of the change each hole is."""
