#| kata: requests.rate_list
#| refused_by: test_the_list_is_of_today
# It is sorted anew only if there are more or fewer rates than before.
from typing import Annotated

from fastapi import Query

SORTED: list[Rate] = []


@router.get("")
async def list_rates(
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    offset: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> list[Rate]:
    """Return the rates by country, a page at a time."""
    if len(SORTED) != len(RATES):
        SORTED[:] = sorted(RATES.values(), key=lambda rate: rate.country)
    rates = SORTED
    return rates[offset : offset + limit]
