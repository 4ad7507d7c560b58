#| kata: errors.unavailable
#| refused_by: test_it_says_when_to_come_back
# A member of the body instead of the header.
from fastapi import FastAPI, Request, Response
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError


def will_pass(error: Exception) -> bool:
    """Tell whether the database may work again in a moment."""
    if not isinstance(error, DBAPIError):
        return True
    name = getattr(error.orig, "sqlite_errorname", "")
    return error.connection_invalidated or name.startswith("SQLITE_BUSY")


def answer_unavailable(app: FastAPI) -> None:
    """Let an app ask for patience while its database is busy or gone."""

    async def wait(_request: Request, error: Exception) -> Response:
        if not will_pass(error):
            raise error
        log.warning("503, because of %s", type(error).__name__)
        headers = {"Retry-After": "5"}
        return problem(
            503, "The database is busy. Try again in a moment.", retry_after=headers
        )

    for kind in (DBAPIError, PoolTimeoutError, ConnectionError, TimeoutError):
        app.add_exception_handler(kind, wait)


answers.append(answer_unavailable)
