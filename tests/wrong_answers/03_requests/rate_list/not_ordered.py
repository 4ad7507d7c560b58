#| kata: requests.rate_list
#| refused_by: test_the_list_is_ordered
# Bounds declared, and the order of the dict kept.
from typing import Annotated

from fastapi import Query


@router.get("")
async def list_rates(
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    offset: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> list[Rate]:
    """Return the rates by country, a page at a time."""
    rates = list(RATES.values())
    return rates[offset : offset + limit]
