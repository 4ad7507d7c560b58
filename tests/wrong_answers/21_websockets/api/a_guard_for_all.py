#| kata: websockets.api
#| refused_by: test_both_have_urls
# Also asks screens for a token.
from waybill import live

GUARDED_BY_TICKET: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem} for status in (401, 403)
}

api.include_router(live.router, tags=["live"], responses=GUARDED_BY_TICKET, dependencies=[Depends(current_account)])
