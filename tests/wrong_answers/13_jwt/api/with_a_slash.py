#| kata: jwt.api
#| refused_by: test_the_routes_stand_below_v1
# One level too deep.
from waybill import auth

UNAUTHORIZED: dict[int | str, dict[str, Any]] = {401: {"model": Problem}}

api.include_router(auth.router, prefix="/sessions", tags=["auth"], responses=UNAUTHORIZED)
