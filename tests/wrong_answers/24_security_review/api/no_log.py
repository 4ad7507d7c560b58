#| kata: security_review.api
#| refused_by: test_it_leaves_a_line
# The router is included without its log.
from waybill import search

NO_ACCOUNT: dict[int | str, dict[str, Any]] = {401: {"model": Problem}}
SEARCHED = [Depends(access_log)]

api.include_router(
    search.router, tags=["parcels"], responses=NO_ACCOUNT
)
