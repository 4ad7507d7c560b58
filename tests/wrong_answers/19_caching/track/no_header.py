#| kata: caching.track
#| refused_by: test_others_ask_each_time
# Says nothing, so others guess.
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
        raise HTTPException(
            status.HTTP_404_NOT_FOUND,
            "There is no such parcel.",
            {"Cache-Control": "no-store"},
        )
    headers = {"Cache-Control": "public, no-cache"}
    return Response(text, media_type="application/json")
