#| kata: requests.rate_list
#| refused_by: test_limit_has_bounds
# A limit of 0 passes.
from typing import Annotated

from fastapi import Query


@router.get("")
async def list_rates(
    limit: Annotated[int, Query(ge=0, le=100)] = 20,
    offset: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> list[Rate]:
    """Return the rates by country, a page at a time."""
    rates = sorted(RATES.values(), key=lambda rate: rate.country)
    return rates[offset : offset + limit]
