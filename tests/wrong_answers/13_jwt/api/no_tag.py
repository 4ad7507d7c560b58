#| kata: jwt.api
#| refused_by: test_they_stand_under_their_tag
# The docs list them under `default`.
from waybill import auth

UNAUTHORIZED: dict[int | str, dict[str, Any]] = {401: {"model": Problem}}

api.include_router(auth.router, responses=UNAUTHORIZED)
