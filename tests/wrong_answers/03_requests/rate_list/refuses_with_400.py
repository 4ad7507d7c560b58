#| kata: requests.rate_list
#| refused_by: test_limit_has_bounds
# Answers 400, unlike every other bad parameter.
from typing import Annotated

from fastapi import HTTPException, Query


@router.get("")
async def list_rates(
    limit: int = 20,
    offset: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> list[Rate]:
    """Return the rates by country, a page at a time."""
    if not 1 <= limit <= 100:
        raise HTTPException(400, "limit must be 1 to 100")
    rates = sorted(RATES.values(), key=lambda rate: rate.country)
    return rates[offset : offset + limit]
