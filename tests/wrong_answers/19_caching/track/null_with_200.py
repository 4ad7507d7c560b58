#| kata: caching.track
#| refused_by: test_an_unknown_code_is_not_found_for_now
# An unknown code is 200 and null.
from functools import partial

from fastapi import HTTPException, Response, status

from waybill.cache import AppCache
from waybill.database import AppSessions


@router.get("/track/{code}", response_model=Tracking)
async def track(code: TrackingCode, sessions: AppSessions, cache: AppCache) -> Response:
    """Return what anybody may know of a parcel; its code is all that it takes."""
    load = partial(load_tracking, sessions, code)
    text = await cache.get(tracking_key(code), load)
    if text is None:
        return Response("null", media_type="application/json")
    headers = {"Cache-Control": "public, no-cache"}
    return Response(text, headers=headers, media_type="application/json")
