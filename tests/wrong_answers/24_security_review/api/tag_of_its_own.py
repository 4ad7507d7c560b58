#| kata: security_review.api
#| refused_by: test_the_docs_list_it
# It has a tag of its own.
from waybill import search

SEARCHED = [Depends(access_log)]

api.include_router(
    search.router, tags=["search"], responses=UNAUTHORIZED, dependencies=SEARCHED
)
