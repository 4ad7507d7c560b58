#| kata: websockets.api
#| refused_by: test_the_docs_list_it
# Another tag.
from waybill import live

GUARDED_BY_TICKET: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem} for status in (401, 403)
}

api.include_router(live.router, tags=["depots"], responses=GUARDED_BY_TICKET)
