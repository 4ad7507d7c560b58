#| kata: security_review.api
#| refused_by: test_the_docs_list_it
# The docs keep quiet about the 401.
from waybill import search

SEARCHED = [Depends(access_log)]

api.include_router(
    search.router, tags=["parcels"], dependencies=SEARCHED
)
