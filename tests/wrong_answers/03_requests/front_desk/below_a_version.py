#| kata: requests.front_desk
#| refused_by: test_rates_are_answered
# The version belongs to the whole API, not to the front desk.
from waybill import rates

app.include_router(rates.router, prefix="/v1")
