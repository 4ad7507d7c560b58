#| kata: jwt.api
#| refused_by: test_the_docs_mention_the_401
# A description, and no shape.
from waybill import auth

UNAUTHORIZED: dict[int | str, dict[str, Any]] = {401: {"description": "Sign in first."}}

api.include_router(auth.router, tags=["auth"], responses=UNAUTHORIZED)
