#| kata: requests.rate_list
#| refused_by: test_offset_has_bounds
# Mends the limit and forgets the offset: -1 is the last rate.
from typing import Annotated

from fastapi import Query


@router.get("")
async def list_rates(
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    offset: int = 0,
) -> list[Rate]:
    """Return the rates by country, a page at a time."""
    rates = sorted(RATES.values(), key=lambda rate: rate.country)
    return rates[offset : offset + limit]
