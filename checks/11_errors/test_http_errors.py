"""Checks of errors.http_errors: every HTTPException has the shape of a problem."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, HTTPException
from starlette.exceptions import HTTPException as StarletteHTTPException

Connect = Callable[..., httpx.AsyncClient]
Read = Callable[..., dict[str, Any]]


class LockedError(HTTPException):
    """An HTTPException of somebody's own."""


RAISED: dict[str, StarletteHTTPException] = {
    "absent": HTTPException(404, "There is no such form."),
    "signed-out": HTTPException(401, "Sign in.", {"WWW-Authenticate": "Bearer"}),
    "busy": HTTPException(429, "Wait.", {"Retry-After": "240", "X-Depot": "BER"}),
    "locked": LockedError(423, "Row F is locked."),
    "silent": HTTPException(409),
    "moved": HTTPException(303, "It is over there.", {"Location": "/forms/7"}),
    "accepted": HTTPException(202, "It may take a while."),
    "broken": HTTPException(500, "The printer is on fire."),
}
CRASHES = (
    *(LookupError("no key"), ValueError("no number"), RuntimeError("no idea")),
    *(PermissionError("no file"), TypeError("no text"), ArithmeticError("no sum")),
)
EMPTY = {"nothing": HTTPException(204, headers={"ETag": '"4"'})}
EMPTY |= {"the-same": HTTPException(304, headers={"ETag": '"5"'})}
THEIRS = {"starlette": StarletteHTTPException(410, "All of it.", {"ETag": '"7"'})}


@pytest.fixture
def app(taught: Callable[[str], FastAPI]) -> FastAPI:
    """An app that `answer_http_errors` has taught, and a route that fails."""
    app = taught("answer_http_errors")

    @app.get("/fail/{how}")
    async def fail(how: str) -> None:
        raise (RAISED | EMPTY | THEIRS)[how]

    @app.get("/crash/{number}")
    async def crash(number: int) -> None:
        raise CRASHES[number]

    @app.get("/numbers/{number}")
    async def read(number: int) -> int:
        return number

    return app


@pytest.fixture
async def client(connect: Connect, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client that reads a 500 where a server would send one."""
    async with connect(app, raise_app_exceptions=False) as client:
        yield client


# - An `HTTPException` is answered with its status and its `detail`, as a problem.
@pytest.mark.parametrize("how", RAISED)
async def test_a_raised_one(client: httpx.AsyncClient, read: Read, how: str) -> None:
    """An `HTTPException` is answered with its status and its `detail`, as a problem."""
    error = RAISED[how]
    what = f"{type(error).__name__}({error.status_code}, {error.detail!r})"
    body = read(await client.get(f"/fail/{how}"), error.status_code, what)
    assert body["detail"] == error.detail, (
        f"{what} was answered with the detail {body['detail']!r}."
    )
    assert set(body) == {"title", "status", "detail"}, f"{what} was answered {body}."


# - So is a path that doesn't exist (404), and a method that a path doesn't have (405).
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("DELETE", "/no/where", 404),
        ("POST", "/crash/1", 405),
        ("PUT", "/numbers/7", 405),
    ],
)
async def test_one_that_nobody_raised(
    client: httpx.AsyncClient, read: Read, method: str, path: str, status: int
) -> None:
    """A path or a method that isn't there is answered with a problem."""
    body = read(await client.request(method, path), status, f"{method} {path}")
    assert body["detail"] == body["title"], (
        f"{method} {path} was answered {body}. Starlette's exception has the phrase of "
        "the status as its detail."
    )


# - So is a path that doesn't exist (404), and a method that a path doesn't have (405).
async def test_one_of_starlettes(client: httpx.AsyncClient, read: Read) -> None:
    """Starlette's HTTPException is answered like FastAPI's."""
    what = "Starlette's HTTPException(410, 'All of it.')"
    body = read(await client.get("/fail/starlette"), 410, what)
    assert body["detail"] == "All of it.", f"{what} was answered {body}."


# - The headers of the exception stay:
@pytest.mark.parametrize("how", ["signed-out", "busy", "moved", "starlette"])
async def test_headers_stay(client: httpx.AsyncClient, how: str) -> None:
    """The headers of an exception stay."""
    response = await client.get(f"/fail/{how}")
    for name, value in ((RAISED | THEIRS)[how].headers or {}).items():
        found = response.headers.get(name)
        assert found == value, (
            f"An exception with `{name}: {value}` was raised, and the answer's header "
            f"is {found!r}. `error.headers` holds it; `problem` takes headers third."
        )


# - The headers of the exception stay:
async def test_allow_stays(client: httpx.AsyncClient) -> None:
    """A 405 keeps its `Allow`."""
    response = await client.delete("/numbers/7")
    found = response.headers.get("Allow")
    assert found == "GET", (
        f"DELETE /numbers/7 was answered {response.status_code} with `Allow: {found}`; "
        "it should be GET. Starlette's exception has it in its headers."
    )


# - A 204 and a 304 have no body:
@pytest.mark.parametrize("how", EMPTY)
async def test_no_body(client: httpx.AsyncClient, how: str) -> None:
    """A 204 and a 304 have no body, and keep their headers."""
    error = EMPTY[how]
    response = await client.get(f"/fail/{how}")
    found = (response.status_code, response.content)
    assert found == (error.status_code, b""), (
        f"HTTPException({error.status_code}) was answered {found[0]} with the body "
        f"{response.text!r}. Answer with a Response that has none."
    )
    tag, wanted = response.headers.get("ETag"), (error.headers or {})["ETag"]
    assert tag == wanted, (
        f"HTTPException({error.status_code}) had the ETag {wanted}, and the answer's "
        f"is {tag!r}. Hand `error.headers` to the Response, too."
    )
    length = response.headers.get("content-length", "0")
    assert length == "0", f"Its Content-Length is {length}, and there is no body."


# - It answers nothing but HTTP exceptions.
async def test_nothing_else(connect: Connect, app: FastAPI) -> None:
    """A crash goes on, and a 422 stays FastAPI's."""
    async with connect(app, raise_app_exceptions=False) as client:
        for number, error in enumerate(CRASHES):
            crash = await client.get(f"/crash/{number}")
            assert (crash.status_code, crash.text) == (500, "Internal Server Error"), (
                f"A route raised {error!r}, and it was answered {crash.status_code} "
                f"{crash.text!r} instead of the 500 of an app without a handler for it."
            )
        response = await client.get("/numbers/seven")
    detail = response.json().get("detail")
    found = (response.status_code, type(detail))
    assert found == (422, list), (
        f"GET /numbers/seven was answered {response.status_code} {response.text}. What "
        "isn't valid is for `answer_invalid`, a later kata."
    )
