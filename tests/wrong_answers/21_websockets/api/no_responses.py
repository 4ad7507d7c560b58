#| kata: websockets.api
#| refused_by: test_the_docs_list_it
# Nothing said of refusals.
from waybill import live

GUARDED_BY_TICKET: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem} for status in (401, 403)
}

api.include_router(live.router, tags=["live"])
