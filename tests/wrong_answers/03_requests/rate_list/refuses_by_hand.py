#| kata: requests.rate_list
#| refused_by: test_limit_has_bounds
# Raises the 422 itself, and names no parameter.
from fastapi import HTTPException


@router.get("")
async def list_rates(
    limit: int = 20,
    offset: int = 0,
) -> list[Rate]:
    """Return the rates by country, a page at a time."""
    if not 1 <= limit <= 100 or not 0 <= offset <= 10_000:
        raise HTTPException(422, "limit or offset is out of bounds")
    rates = sorted(RATES.values(), key=lambda rate: rate.country)
    return rates[offset : offset + limit]
