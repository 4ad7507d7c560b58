#| kata: requests.rate_list
#| refused_by: test_the_list_is_ordered
# Orders the rates at import; a new one never shows up.
from typing import Annotated

from fastapi import Query


ORDERED = sorted(RATES.values(), key=lambda rate: rate.country)


@router.get("")
async def list_rates(
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    offset: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> list[Rate]:
    """Return the rates by country, a page at a time."""
    return ORDERED[offset : offset + limit]
