#| kata: performance.api
#| refused_by: test_the_docs_list_it
# No tag.
from waybill import days

ROLE_NEEDED: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem} for status in (401, 403)
}
LOGGED = [Depends(access_log)]

api.include_router(days.router, responses=ROLE_NEEDED, dependencies=LOGGED)
