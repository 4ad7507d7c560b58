#| kata: security_review.api
#| refused_by: test_it_has_a_url
# Stands below /parcels, where an id is expected.
from waybill import search

NO_ACCOUNT: dict[int | str, dict[str, Any]] = {401: {"model": Problem}}
SEARCHED = [Depends(access_log)]

api.include_router(
    search.router, prefix="/parcels", tags=["parcels"], responses=NO_ACCOUNT, dependencies=SEARCHED
)
