#| kata: dependencies.access_log
#| refused_by: test_a_line_is_one_line
# The path is part of the format: a `%` in it breaks the line.
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
    email, path = account.email, connection.scope["path"]
    try:
        yield
    except BaseException as error:
        log.warning(f"{email!r} {path!r}: %s", type(error).__name__)
        raise
    log.info(f"{email!r} {path!r}: %s", "done")


api.include_router(
    parcels.router,
    tags=["parcels"],
    responses=NOT_FOUND,
    dependencies=[Depends(access_log)],
)
