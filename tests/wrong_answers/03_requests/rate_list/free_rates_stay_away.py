#| kata: requests.rate_list
#| refused_by: test_the_list_is_of_today
# A rate of 0 euros is in RATES, and so it is in the list.
from typing import Annotated

from fastapi import Query


@router.get("")
async def list_rates(
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    offset: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> list[Rate]:
    """Return the rates by country, a page at a time."""
    rates = sorted((one for one in RATES.values() if one.base), key=lambda rate: rate.country)
    return rates[offset : offset + limit]
