#| kata: dependencies.access_log
#| refused_by: test_a_line_is_one_line
# The URL is put together and taken apart again, which loses line breaks.
import logging
from collections.abc import AsyncIterator

from fastapi import Depends
from fastapi.requests import HTTPConnection

from waybill import parcels
from waybill.dependencies import CurrentAccount

log = logging.getLogger("waybill.access")


async def access_log(
    connection: HTTPConnection, account: CurrentAccount
) -> AsyncIterator[None]:
    """Note who asked for what and how it ended, once it is certain."""
    asked = f"{account.email!r} {connection.url.path!r}"  # no line breaks
    try:
        yield
    except Exception as error:
        log.warning("%s: %s", asked, type(error).__name__)
        raise
    log.info("%s: done", asked)


api.include_router(
    parcels.router,
    tags=["parcels"],
    responses=NOT_FOUND,
    dependencies=[Depends(access_log)],
)
