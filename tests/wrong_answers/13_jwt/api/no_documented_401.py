#| kata: jwt.api
#| refused_by: test_the_docs_mention_the_401
# The docs know no 401.
from waybill import auth

UNAUTHORIZED: dict[int | str, dict[str, Any]] = {401: {"model": Problem}}

api.include_router(auth.router, tags=["auth"])
