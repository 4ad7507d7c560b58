import pytest


# - The greeting holds the name.
@pytest.mark.parametrize("name", ["Ada", "Grace"])
def test_greets_by_name(name: str) -> None:
    """A greeting holds the name it is given."""
    from waybill.hello import greet

    assert name in greet(name), f"greet({name!r}) gave {greet(name)!r}."


# - It ends with an exclamation mark.
def test_ends_with_a_mark() -> None:
    """A greeting ends with an exclamation mark."""
    from waybill.hello import greet

    assert greet("Ada").endswith("!"), f"This one ends with {greet('Ada')[-1:]!r}."
