#| kata: counting.double
#| refused_by: test_doubles
# Gives the number back.
def double(number: int) -> int:
    """Return twice the number."""
    return number
