#| kata: dependencies.access_log
#| refused_by: test_what_was_refused_is_a_warning
# Copied: notes the exception and keeps it, and FastAPI answers 500.
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
    asked = f"{account.email!r} {connection.scope['path']!r}"
    try:
        yield
    except Exception as error:
        log.warning("%s: %s", asked, type(error).__name__)
    else:
        log.info("%s: done", asked)


api.include_router(
    parcels.router,
    tags=["parcels"],
    responses=NOT_FOUND,
    dependencies=[Depends(access_log)],
)
