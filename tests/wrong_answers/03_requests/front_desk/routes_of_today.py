#| kata: requests.front_desk
#| refused_by: test_later_routes_are_answered_too
# Writes the route again instead of joining the router.
from waybill.rates import CountryCode, Rate, find_rate


@app.get("/rates/{country}")
async def read_rate(country: CountryCode) -> Rate:
    """Return what a country costs."""
    return find_rate(country)
