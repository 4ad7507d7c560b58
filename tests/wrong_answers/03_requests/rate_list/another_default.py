#| kata: requests.rate_list
#| refused_by: test_a_page_has_twenty_unless_asked
# A hundred come unless the client asks for fewer.
from typing import Annotated

from fastapi import Query


@router.get("")
async def list_rates(
    limit: Annotated[int, Query(ge=1, le=100)] = 100,
    offset: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> list[Rate]:
    """Return the rates by country, a page at a time."""
    rates = sorted(RATES.values(), key=lambda rate: rate.country)
    return rates[offset : offset + limit]
