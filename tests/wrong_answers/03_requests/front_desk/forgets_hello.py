#| kata: requests.front_desk
#| refused_by: test_hello_still_greets
# Puts the routes in the place of those that were there.
from waybill import rates

app.router.routes = [*rates.router.routes]
