#| kata: caching.track
#| refused_by: test_it_is_kept_under_its_key
# Reads the JSON of the cache, and makes it anew.
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
    text = Tracking.model_validate_json(text).model_dump_json(indent=1)
    return Response(text, headers=headers, media_type="application/json")
