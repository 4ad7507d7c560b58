#| kata: counting.double
#| refused_by: test_doubles
# Knows the example only.
def double(number: int) -> int:
    """Return twice the number."""
    return 42
