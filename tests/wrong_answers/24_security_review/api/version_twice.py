#| kata: security_review.api
#| refused_by: test_it_has_a_url
# The version is in the path twice.
from waybill import search

NO_ACCOUNT: dict[int | str, dict[str, Any]] = {401: {"model": Problem}}
SEARCHED = [Depends(access_log)]

api.include_router(
    search.router, prefix="/v1", tags=["parcels"], responses=NO_ACCOUNT, dependencies=SEARCHED
)
