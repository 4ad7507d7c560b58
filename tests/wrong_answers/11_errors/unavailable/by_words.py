#| kata: errors.unavailable
#| refused_by: test_others_stay_a_crash
# A lock is known by a word, and a missing table may have it in its name.
from fastapi import FastAPI, Request, Response
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError


def answer_unavailable(app: FastAPI) -> None:
    """Let an app ask for patience while its database is busy or gone."""

    async def wait(_request: Request, error: Exception) -> Response:
        if isinstance(error, DBAPIError):
            is_locked = "locked" in str(error.orig)
            if not error.connection_invalidated and not is_locked:
                raise error
        log.warning("The database can't be used: %s", type(error).__name__)
        return problem(503, "Come back in a moment.", {"Retry-After": "5"})

    for kind in (DBAPIError, PoolTimeoutError, TimeoutError, ConnectionError):
        app.add_exception_handler(kind, wait)


answers.append(answer_unavailable)
