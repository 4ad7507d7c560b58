#| kata: jwt.api
#| refused_by: test_the_routes_stand_below_v1
# The guide's prefix: /v1/auth/token.
from waybill import auth

UNAUTHORIZED: dict[int | str, dict[str, Any]] = {401: {"model": Problem}}

api.include_router(auth.router, prefix="/auth", tags=["auth"], responses=UNAUTHORIZED)
