#| kata: websockets.api
#| refused_by: test_both_have_urls
# A prefix of its own.
from waybill import live

GUARDED_BY_TICKET: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem} for status in (401, 403)
}

api.include_router(live.router, prefix="/live", tags=["live"], responses=GUARDED_BY_TICKET)
