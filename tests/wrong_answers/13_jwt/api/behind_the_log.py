#| kata: jwt.api
#| refused_by: test_signing_in_opens_the_parcels
# Whoever wants a token would need one.
from waybill import auth

UNAUTHORIZED: dict[int | str, dict[str, Any]] = {401: {"model": Problem}}

api.include_router(auth.router, tags=["auth"], responses=UNAUTHORIZED, dependencies=[Depends(access_log)])
