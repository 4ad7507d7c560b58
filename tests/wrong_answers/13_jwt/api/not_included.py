#| kata: jwt.api
#| refused_by: test_the_routes_stand_below_v1
# Imports the routes, and leaves them there.
from waybill import auth

UNAUTHORIZED: dict[int | str, dict[str, Any]] = {401: {"model": Problem}}

router = auth.router
