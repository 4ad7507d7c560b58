#| kata: requests.rate_list
#| refused_by: test_limit_has_bounds
# Mends the order and leaves the copied parameters.
@router.get("")
async def list_rates(
    limit: int = 20,
    offset: int = 0,
) -> list[Rate]:
    """Return the rates by country, a page at a time."""
    rates = sorted(RATES.values(), key=lambda rate: rate.country)
    return rates[offset : offset + limit]
