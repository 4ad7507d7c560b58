#| kata: security_review.api
#| refused_by: test_it_leaves_a_line
# Included twice, and the first time without the log.
from waybill import search

SEARCHED = [Depends(access_log)]

api.include_router(search.router, tags=["parcels"], responses=UNAUTHORIZED)
api.include_router(
    search.router, tags=["parcels"], responses=UNAUTHORIZED, dependencies=SEARCHED
)
