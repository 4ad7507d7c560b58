#| kata: jwt.api
#| refused_by: test_they_stand_under_their_tag
# Another tag than the one asked for.
from waybill import auth

UNAUTHORIZED: dict[int | str, dict[str, Any]] = {401: {"model": Problem}}

api.include_router(auth.router, tags=["tokens"], responses=UNAUTHORIZED)
