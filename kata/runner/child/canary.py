"""A check that must fail. If it does not, something in the service changed the rules.

It runs after the others, in the same pytest, and its failure is never shown.
"""


def test_canary() -> None:
    """Fail."""
    raise AssertionError
