#| kata: security_review.api
#| refused_by: test_the_docs_list_it
# It has a tag of its own.
from waybill import search

NO_ACCOUNT: dict[int | str, dict[str, Any]] = {401: {"model": Problem}}
SEARCHED = [Depends(access_log)]

api.include_router(
    search.router, tags=["search"], responses=NO_ACCOUNT, dependencies=SEARCHED
)
