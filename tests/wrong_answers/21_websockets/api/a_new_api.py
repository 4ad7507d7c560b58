#| kata: websockets.api
#| refused_by: test_both_have_urls test_other_routes_stay
# An api of its own: all other routes are gone.
from waybill import live

GUARDED_BY_TICKET: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem} for status in (401, 403)
}

api = APIRouter(prefix="/v2")
api.include_router(live.router, tags=["live"], responses=GUARDED_BY_TICKET)
