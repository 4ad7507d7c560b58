#| kata: observability.access_log
#| refused_by: test_the_parcels_stay
# The parcels lose their tag.
from fastapi import Depends

from waybill import parcels
from waybill.dependencies import CurrentAccount


async def access_log(_account: CurrentAccount) -> None:
    """Want an account for each route of a router; the request's line names it."""


api.include_router(
    parcels.router,
    responses=NOT_FOUND,
    dependencies=[Depends(access_log)],
)
