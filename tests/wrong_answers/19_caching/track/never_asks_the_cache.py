#| kata: caching.track
#| refused_by: test_the_second_answer_loads_nothing
# Loads each time.
from functools import partial

from fastapi import HTTPException, Response, status

from waybill.cache import AppCache
from waybill.database import AppSessions


@router.get("/track/{code}", response_model=Tracking)
async def track(code: TrackingCode, sessions: AppSessions, cache: AppCache) -> Response:
    """Return what anybody may know of a parcel; its code is all that it takes."""
    text = await load_tracking(sessions, code)
    if text is None:
        raise HTTPException(
            status.HTTP_404_NOT_FOUND,
            "There is no such parcel.",
            {"Cache-Control": "no-store"},
        )
    return Response(text, media_type="application/json")
