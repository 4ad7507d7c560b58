#| kata: caching.etag
#| refused_by: test_everything_else_is_answered_whole
# Compares names without their case, and another version has another case.
from functools import partial
from hashlib import sha256

from fastapi import Header, HTTPException, Response, status

from waybill.cache import AppCache
from waybill.database import AppSessions


def etag_of(text: str) -> str:
    """Return the name of this version of an answer."""
    return f'W/"{sha256(text.encode()).hexdigest()}"'


def is_known(etag: str, if_none_match: str | None) -> bool:
    """Tell whether a client says that it has this version."""
    entries = (if_none_match or "").split(",")
    known = [entry.strip().removeprefix("W/") for entry in entries]
    return "*" in known or etag.removeprefix("W/").lower() in [one.lower() for one in known]


@router.get(
    "/track/{code}",
    response_model=Tracking,
    responses={304: {"description": "What you have is still good."}},
)
async def track(
    code: TrackingCode,
    sessions: AppSessions,
    cache: AppCache,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Return what anybody may know of a parcel, unless the client has it already."""
    load = partial(load_tracking, sessions, code)
    text = await cache.get(tracking_key(code), load)
    if text is None:
        raise HTTPException(
            status.HTTP_404_NOT_FOUND,
            "There is no such parcel.",
            {"Cache-Control": "no-store"},
        )
    headers = {"Cache-Control": "public, no-cache", "ETag": etag_of(text)}
    if is_known(headers["ETag"], if_none_match):
        return Response(status_code=304, headers=headers)
    return Response(text, headers=headers, media_type="application/json")
