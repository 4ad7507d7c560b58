#| kata: requests.front_desk
#| refused_by: test_later_routes_are_answered_too
# Joins the one route that is there today.
from waybill import rates

app.add_api_route("/rates/{country}", rates.read_rate)
