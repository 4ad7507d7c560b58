#| kata: security_review.api
#| refused_by: test_it_leaves_a_line
# The log is named twice, as two functions.
from waybill import search

LOGGED = [Depends(access_log), Depends(access_log, use_cache=False)]

api.include_router(
    search.router, tags=["parcels"], responses=UNAUTHORIZED, dependencies=LOGGED
)
