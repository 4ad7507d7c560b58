"""Problems: what a client reads when a request fails, in one shape."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException

from waybill.repository import RefusedError
from waybill.store import OnItsWayError, StaleError

# kata: errors.problem
answers: list[Callable[[FastAPI], None]] = []
"""What teaches an app to answer errors, in order."""


def answer_problems(app: FastAPI) -> None:
    """Let an app answer whatever fails with a problem."""
    for answer in answers:
        answer(app)


MEDIA_TYPE = "application/problem+json"


def problem(
    status: int,
    detail: str,
    headers: Mapping[str, str] | None = None,
    **more: object,
) -> JSONResponse:
    """Make an answer that says what went wrong, in the shape of RFC 9457."""
    title = HTTPStatus(status).phrase
    content = {"title": title, "status": status, "detail": detail, **more}
    return JSONResponse(content, status, headers, MEDIA_TYPE)


# kata: errors.http_errors
def answer_http_errors(app: FastAPI) -> None:
    """Let an app answer every HTTPException with a problem."""

    @app.exception_handler(HTTPException)  # Starlette's: FastAPI's is one of them
    async def refuse(_request: Request, error: HTTPException) -> Response:
        if error.status_code in (204, 304):  # they have no body
            return Response(status_code=error.status_code, headers=error.headers)
        return problem(error.status_code, error.detail, error.headers)


answers.append(answer_http_errors)


# kata: errors.domain_errors
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


answers.append(answer_domain_errors)


# kata: errors.invalid
def answer_invalid(app: FastAPI) -> None:
    """Let an app's 422 say what is wrong and where, but not what was sent."""

    @app.exception_handler(RequestValidationError)
    async def refuse(_request: Request, error: RequestValidationError) -> Response:
        errors = [
            {name: one[name] for name in ("loc", "msg", "type")}
            for one in error.errors()
        ]
        return problem(422, "The request is not valid.", errors=errors)


answers.append(answer_invalid)


# kata: errors.crash
log = logging.getLogger("waybill.problems")


def answer_crashes(app: FastAPI) -> None:
    """Let an app answer what nobody expected: an id, and the log has the rest."""

    @app.exception_handler(Exception)
    async def apologize(request: Request, error: Exception) -> Response:
        instance = uuid4().urn
        method, path = request.method, request.scope["path"]
        log.error("%s: %s %r", instance, method, path, exc_info=error)
        return problem(
            500, "Waybill has failed, and its log knows why.", instance=instance
        )


answers.append(answer_crashes)


# kata: performance.unavailable
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
    busy = name.startswith("SQLITE_BUSY") or state in PASSING
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


# kata: errors.document
class Problem(BaseModel):
    """What went wrong, as RFC 9457 has it."""

    title: str
    status: int
    detail: str
    errors: list[dict[str, object]] = []
    instance: str = ""


def document_problems(app: FastAPI) -> None:
    """Let an app's docs say how its errors look."""
    describe = app.openapi
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}

    def openapi() -> dict[str, Any]:
        docs = describe()
        schemas = docs.setdefault("components", {}).setdefault("schemas", {})
        schemas["Problem"] = Problem.model_json_schema()
        for operations in docs["paths"].values():
            for operation in operations.values():
                responses = operation["responses"]
                responses["default"] = {"description": "Any other error"}
                for status, response in responses.items():
                    if status >= "400":  # "default" too
                        response["content"] = content
        return docs

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's docs do so


answers.append(document_problems)
