"""Every route of Waybill's API, under one version."""

from typing import Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from waybill import (
    accounts,
    auth,
    carriers,
    days,
    dispatch,
    events,
    exports,
    forms,
    live,
    operations,
    parcels,
    quotes,
    rates,
    search,
    tracking,
)
from waybill.dependencies import CurrentAccount, current_account


# kata: requests.api
class Problem(BaseModel):
    """What a client reads when a request is refused."""

    detail: str


NOT_FOUND: dict[int | str, dict[str, Any]] = {404: {"model": Problem}}

api = APIRouter(prefix="/v1")
api.include_router(rates.router, tags=["rates"], responses=NOT_FOUND)


# kata: concurrency.api
BEHIND_US: dict[int | str, dict[str, Any]] = {
    502: {"model": Problem},
    504: {"model": Problem},
}

api.include_router(carriers.router, tags=["carriers"])
api.include_router(quotes.router, tags=["quotes"], responses=BEHIND_US)


# kata: observability.access_log
async def access_log(_account: CurrentAccount) -> None:
    """Want an account for each route of a router; the request's line names it."""


api.include_router(
    parcels.router,
    tags=["parcels"],
    responses=NOT_FOUND,
    dependencies=[Depends(access_log)],
)


# kata: repository.api
REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem} for status in (404, 409, 412, 428)
}

api.include_router(
    operations.router,
    tags=["parcels"],
    responses=REFUSALS,
    dependencies=[Depends(access_log)],
)


# kata: passwords.api
TAKEN: dict[int | str, dict[str, Any]] = {409: {"model": Problem}}

api.include_router(accounts.router, tags=["accounts"], responses=TAKEN)


# kata: jwt.api
UNAUTHORIZED: dict[int | str, dict[str, Any]] = {401: {"model": Problem}}

api.include_router(auth.router, tags=["auth"], responses=UNAUTHORIZED)


# kata: permissions.api
GUARDED_BY_ROLE: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem} for status in (401, 403, 404, 409)
}

api.include_router(
    dispatch.router,
    tags=["dispatch"],
    responses=GUARDED_BY_ROLE,
    dependencies=[Depends(access_log)],
)
api.include_router(dispatch.scanners, tags=["scanners"], responses=GUARDED_BY_ROLE)


# kata: caching.api
api.include_router(tracking.router, tags=["tracking"], responses=NOT_FOUND)


# kata: streaming.api
GUARDED = [Depends(current_account), Depends(access_log)]
STREAMED = [*GUARDED, Depends(events.watch)]

for stream in (exports, events):
    api.include_router(
        stream.router, tags=["streams"], responses=NOT_FOUND, dependencies=STREAMED
    )


# kata: streaming.forms_api
api.include_router(
    forms.router, tags=["streams"], responses=NOT_FOUND, dependencies=GUARDED
)


# kata: websockets.api
GUARDED_BY_TICKET: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem} for status in (401, 403)
}

api.include_router(live.router, tags=["live"], responses=GUARDED_BY_TICKET)


# kata: performance.api
ROLE_NEEDED: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem} for status in (401, 403)
}
LOGGED = [Depends(access_log)]

api.include_router(
    days.router, tags=["parcels"], responses=ROLE_NEEDED, dependencies=LOGGED
)


# kata: security_review.api
SEARCHED = [Depends(access_log)]

api.include_router(
    search.router, tags=["parcels"], responses=UNAUTHORIZED, dependencies=SEARCHED
)
