#| kata: requests.front_desk
#| refused_by: test_the_404_is_that_of_find_rate
# Answers in its own way what the router answers.
from waybill.rates import RATES, Rate


@app.get("/rates/{country}", response_model=Rate)
async def read_rate(country: str) -> Rate:
    """Return what a country costs."""
    return RATES[country]
