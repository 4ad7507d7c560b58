#| kata: observability.access_log
#| refused_by: test_it_logs_nothing
# Logs the address at DEBUG.
import logging

from fastapi import Depends

from waybill import parcels
from waybill.dependencies import CurrentAccount


async def access_log(account: CurrentAccount) -> None:
    logging.getLogger("waybill.access").debug("%s", account.email)
    """Want an account for each route of a router; the request's line names it."""


api.include_router(
    parcels.router,
    tags=["parcels"],
    responses=NOT_FOUND,
    dependencies=[Depends(access_log)],
)
