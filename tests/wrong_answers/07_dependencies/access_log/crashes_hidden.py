#| kata: dependencies.access_log
#| refused_by: test_an_unforeseen_error_goes_on
# Makes a 500 of its own, and nobody finds the cause.
import logging
from collections.abc import AsyncIterator

from fastapi import Depends, HTTPException
from fastapi.exceptions import RequestValidationError
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
    except (HTTPException, RequestValidationError) as error:
        log.warning("%s: %s", asked, type(error).__name__)
        raise
    except Exception as error:
        log.warning("%s: %s", asked, type(error).__name__)
        raise HTTPException(500, "Something went wrong.") from None
    log.info("%s: done", asked)


api.include_router(
    parcels.router,
    tags=["parcels"],
    responses=NOT_FOUND,
    dependencies=[Depends(access_log)],
)
