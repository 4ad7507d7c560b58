#| kata: requests.front_desk
#| refused_by: test_rates_are_answered
# Says the prefix that the router has already.
from waybill import rates

app.include_router(rates.router, prefix="/rates")
