#| kata: requests.rate_list
#| refused_by: test_the_docs_show_the_bounds
# Validators refuse, and the docs show no bounds.
from typing import Annotated

from pydantic import AfterValidator


def page_size(number: int) -> int:
    """Refuse a page that is too small or too large."""
    if not 1 <= number <= 100:
        raise ValueError("1 to 100")
    return number


def page_start(number: int) -> int:
    """Refuse a start that is no place in a list."""
    if not 0 <= number <= 10_000:
        raise ValueError("0 to 10000")
    return number


@router.get("")
async def list_rates(
    limit: Annotated[int, AfterValidator(page_size)] = 20,
    offset: Annotated[int, AfterValidator(page_start)] = 0,
) -> list[Rate]:
    """Return the rates by country, a page at a time."""
    rates = sorted(RATES.values(), key=lambda rate: rate.country)
    return rates[offset : offset + limit]
