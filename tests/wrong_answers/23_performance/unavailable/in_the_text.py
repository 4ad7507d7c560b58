#| kata: performance.unavailable
#| refused_by: test_all_else_is_a_crash
# It looks for a part of the code.
from fastapi import FastAPI, Request, Response
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

PASSING = ("53300", "55P03", "57014", "57P01", "57P02", "57P03")
"""Too many connections, a lock, an answer, a stop, a crash, a start: PostgreSQL's."""


def will_pass(error: Exception) -> bool:
    """Tell whether the database may work again in a moment."""
    if not isinstance(error, DBAPIError):
        return True
    name = getattr(error.orig, "sqlite_errorname", "")
    state = getattr(error.orig, "sqlstate", "")  # None if there is no connection
    if isinstance(error, OperationalError) and state is None:
        return True
    busy = name.startswith("SQLITE_BUSY") or (
        state is not None and any(state in one for one in PASSING)
    )
    return error.connection_invalidated or busy


def answer_unavailable(app: FastAPI) -> None:
    """Let an app ask for patience while its database is busy or gone."""

    async def wait(_request: Request, error: Exception) -> Response:
        if not will_pass(error):
            raise error
        log.warning("503, because of %s", type(error).__name__)
        headers = {"Retry-After": "5"}
        return problem(503, "The database is busy. Try again in a moment.", headers)

    for kind in (DBAPIError, PoolTimeoutError, ConnectionError, TimeoutError):
        app.add_exception_handler(kind, wait)


answers.append(answer_unavailable)
