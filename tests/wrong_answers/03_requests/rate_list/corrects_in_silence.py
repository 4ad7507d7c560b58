#| kata: requests.rate_list
#| refused_by: test_limit_has_bounds
# Clamps what it gets: the client never learns that it lost rates.
@router.get("")
async def list_rates(
    limit: int = 20,
    offset: int = 0,
) -> list[Rate]:
    """Return the rates by country, a page at a time."""
    limit = min(max(limit, 1), 100)
    offset = min(max(offset, 0), 10_000)
    rates = sorted(RATES.values(), key=lambda rate: rate.country)
    return rates[offset : offset + limit]
