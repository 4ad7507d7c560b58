#| kata: counting.double
#| refused_by: test_doubles
# Squares instead of doubling.
def double(number: int) -> int:
    """Return twice the number."""
    return number * number
