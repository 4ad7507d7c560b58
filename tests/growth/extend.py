#| kata: growth.extend
#| file: waybill/app.py
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from waybill.store import EmailTakenError


async def answer_taken(request: Request, error: Exception) -> JSONResponse:
    """Answer 409 wherever an address is taken."""
    return JSONResponse({"detail": "This address is taken."}, status_code=409)


async def name_server(
    request: Request, call_next: Callable[[Request], Awaitable[Response]]
) -> Response:
    """Sign every answer."""
    response = await call_next(request)
    response.headers["X-Served-By"] = "waybill"
    return response


def add_manners(app: FastAPI) -> None:
    """Give an app its error handler and its middleware."""
    app.add_exception_handler(EmailTakenError, answer_taken)
    app.middleware("http")(name_server)


@asynccontextmanager
async def open_queue(app: FastAPI) -> AsyncIterator[None]:
    """Open something that needs the database to be open already."""
    assert app.state.sessions
    app.state.queue = []
    yield
    app.state.queue = None


extensions.append(add_manners)
resources.append(open_queue)
