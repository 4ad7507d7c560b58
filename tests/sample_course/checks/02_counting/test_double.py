import pytest


# - The result is two times the number, and that of zero is zero.
@pytest.mark.parametrize("number", [0, 1, 21])
def test_doubles(number: int) -> None:
    """A number is doubled."""
    from waybill.numbers import double

    assert double(number) == 2 * number, f"double({number}) gave {double(number)}."
