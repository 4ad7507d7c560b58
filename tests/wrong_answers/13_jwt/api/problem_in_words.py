#| kata: jwt.api
#| refused_by: test_the_docs_mention_the_401
# Describes the 401 in words, and gives it no shape.
from waybill import auth

UNAUTHORIZED: dict[int | str, dict[str, Any]] = {401: {"description": "Problem"}}

api.include_router(auth.router, tags=["auth"], responses=UNAUTHORIZED)
