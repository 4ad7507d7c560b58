#| kata: errors.domain_errors
#| refused_by: test_http_exceptions_stay
# HTTPExceptions get the text of a conflict.
from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request, Response

from starlette.exceptions import HTTPException

from waybill.repository import RefusedError
from waybill.store import OnItsWayError, StaleError

MEANINGS: dict[type[Exception], tuple[int, str]] = {
    StaleError: (412, "The parcel was changed. Read it again."),
    OnItsWayError: (409, "The parcel is on its way."),
    RefusedError: (409, "This doesn't go with what is stored."),
}
"""What HTTP calls what happened, and what a client is told."""


def refusal(
    status: int, detail: str
) -> Callable[[Request, Exception], Awaitable[Response]]:
    """Make a handler that always answers the same."""

    async def refuse(_request: Request, _error: Exception) -> Response:
        return problem(status, detail)

    return refuse


def answer_domain_errors(app: FastAPI) -> None:
    """Let an app answer Waybill's own exceptions as MEANINGS says."""
    for kind, (status, detail) in MEANINGS.items():
        app.add_exception_handler(kind, refusal(status, detail))
    app.add_exception_handler(HTTPException, refusal(409, "Conflict."))


answers.append(answer_domain_errors)
