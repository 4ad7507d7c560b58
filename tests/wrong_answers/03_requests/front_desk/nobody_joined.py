#| kata: requests.front_desk
#| refused_by: test_rates_are_answered
# Imports the routes and joins nothing.
from waybill import rates
