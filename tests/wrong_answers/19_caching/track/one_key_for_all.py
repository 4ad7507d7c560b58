#| kata: caching.track
#| refused_by: test_it_is_kept_under_its_key
# All parcels under one key.
from functools import partial

from fastapi import HTTPException, Response, status

from waybill.cache import AppCache
from waybill.database import AppSessions


@router.get("/track/{code}", response_model=Tracking)
async def track(code: TrackingCode, sessions: AppSessions, cache: AppCache) -> Response:
    """Return what anybody may know of a parcel; its code is all that it takes."""
    load = partial(load_tracking, sessions, code)
    text = await cache.get("track", load)
    if text is None:
        raise HTTPException(
            status.HTTP_404_NOT_FOUND,
            "There is no such parcel.",
            {"Cache-Control": "no-store"},
        )
    headers = {"Cache-Control": "public, no-cache"}
    return Response(text, headers=headers, media_type="application/json")
