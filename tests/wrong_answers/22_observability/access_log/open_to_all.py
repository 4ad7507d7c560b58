#| kata: observability.access_log
#| refused_by: test_it_logs_nothing
# No longer asks for the account.
from fastapi import Depends

from waybill import parcels


async def access_log() -> None:
    """Want an account for each route of a router; the request's line names it."""


api.include_router(
    parcels.router,
    tags=["parcels"],
    responses=NOT_FOUND,
    dependencies=[Depends(access_log)],
)
