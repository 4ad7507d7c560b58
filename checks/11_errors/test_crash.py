"""Checks of errors.crash: an id for the client, and the rest for the log."""

import logging
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import ResponseValidationError
from fastapi.responses import PlainTextResponse, StreamingResponse
from pydantic import BaseModel, ValidationError
from sqlalchemy.exc import OperationalError

Connect = Callable[..., httpx.AsyncClient]
Read = Callable[..., dict[str, Any]]

SECRET = "hunter2-7f3a"  # noqa: S105
HOW = ("error", "inside", "answer", "database", "chained", "group")


class Contract(BaseModel):
    """A row of Waybill's own."""

    carrier: str
    api_key: str


class KnownError(Exception):
    """Something that another handler answers."""


try:
    Contract.model_validate({"api_key": SECRET})
except ValidationError as error:
    INSIDE = error.with_traceback(None)


def fail(how: str) -> None:
    """Go wrong in one of many ways, each with a secret in its text."""
    if how == "error":
        raise RuntimeError(f"can't reach postgresql://waybill:{SECRET}@db/waybill")
    if how == "inside":
        raise INSIDE
    if how == "answer":
        raise ResponseValidationError([{"msg": SECRET, "loc": ("response",)}])
    if how == "plain":
        raise RuntimeError("a crash like any other")
    if how == "database":
        raise OperationalError("SELECT 1", None, Exception(SECRET))
    if how == "chained":
        try:
            int(SECRET)
        except ValueError as error:
            raise KeyError(SECRET) from error
    if how == "group":
        raise ExceptionGroup(SECRET, [ValueError(SECRET)])
    raise AssertionError(how)


@pytest.fixture
def app(taught: Callable[[str], FastAPI]) -> FastAPI:
    """An app that `answer_crashes` has taught, and routes that fail."""
    app = taught("answer_crashes")

    @app.api_route("/crash/{how}", methods=["GET", "POST"])
    async def crash(how: str) -> None:
        fail(how)

    @app.get("/v1/labels/{name}")
    async def label(name: str) -> None:
        raise RuntimeError(f"no label {len(name)}")

    @app.get("/stream")
    async def stream() -> StreamingResponse:
        async def rows() -> AsyncIterator[str]:
            yield "first row\n"
            raise RuntimeError(SECRET)

        return StreamingResponse(rows())

    @app.get("/known/{how}")
    async def known(how: int) -> None:
        raise KnownError if how else HTTPException(404, "There is no such form.")

    @app.exception_handler(KnownError)
    async def answer(_request: Request, _error: KnownError) -> PlainTextResponse:
        return PlainTextResponse("I know this one.", 409)

    return app


@pytest.fixture
async def client(connect: Connect, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client that reads a 500 where a server would send one."""
    async with connect(app, raise_app_exceptions=False) as client:
        yield client


def entries(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    """Return what Waybill has logged."""
    return [one for one in caplog.records if one.name.partition(".")[0] != "httpx"]


def entry(caplog: pytest.LogCaptureFixture, what: str) -> logging.LogRecord:
    """Return the one entry that a crash has left."""
    found = [one for one in entries(caplog) if one.name != "asyncio"]
    told = [f"{one.levelname} {one.name}: {one.getMessage()}" for one in found]
    assert len(found) == 1, (
        f"{what}, and the log has {len(found)} entries instead of one: {told}"
    )
    assert found[0].name == "waybill.problems", (
        f"{what}, and {found[0].name!r} logged it. Use `log`, which is given."
    )
    return found[0]


# - Whatever nobody expected is answered with a problem:
@pytest.mark.parametrize("how", HOW)
async def test_it_is_a_problem(client: httpx.AsyncClient, read: Read, how: str) -> None:
    """Whatever nobody expected is a 500 and a problem, a ValidationError too."""
    body = read(await client.get(f"/crash/{how}"), 500, f"A crash ({how})")
    other = read(await client.get("/crash/error"), 500, "Another crash")
    assert body["detail"] == other["detail"], (
        f"Two crashes have the details {body['detail']!r} and {other['detail']!r}. Say "
        "the same each time: what happened is for the log."
    )
    assert set(body) == {"title", "status", "detail", "instance"}, (
        f"A crash was answered with the members {sorted(body)}; wanted are title, "
        "status, detail and instance."
    )


# - The answer has an `instance`:
async def test_it_has_an_id(client: httpx.AsyncClient, read: Read) -> None:
    """`instance` is the urn of a uuid4, a new one for each crash."""
    ids = []
    for how in (*HOW, *HOW):
        body = read(await client.get(f"/crash/{how}"), 500, f"A crash ({how})")
        ids.append(body.get("instance"))
    for id_ in ids:
        assert isinstance(id_, str), f"`instance` is {id_!r}. It should be a text."
        assert id_.startswith("urn:uuid:"), (
            f"`instance` is {id_!r}; the `urn` of a uuid4 begins urn:uuid:."
        )
        assert is_random(id_), f"`instance` is {id_!r}, which no `uuid4()` makes."
    assert len({*ids}) == len(ids), (
        f"{len(ids)} crashes have {len({*ids})} different ids: {ids[:3]}… Make one for "
        "each, in the handler."
    )


def is_random(id_: str) -> bool:
    """Tell whether an id is a uuid4."""
    try:
        return UUID(id_).version == 4
    except ValueError:
        return False


# - Nothing of the exception is in the answer.
@pytest.mark.parametrize("how", HOW)
async def test_nothing_of_it_is_told(client: httpx.AsyncClient, how: str) -> None:
    """Nothing of the exception is in the answer: no text, no class, no data."""
    response = await client.get(f"/crash/{how}")
    told = f"{response.text} {dict(response.headers)}"
    for word in (SECRET, "Traceback", "RuntimeError", "KeyError", "api_key", "carrier"):
        assert word not in told, (
            f"A crash ({how}) was answered {response.status_code}, and the client "
            f"reads {word!r}: {told}"
        )


# - `log` gets one entry, of the level ERROR, with the same id, the method and the path,
# and with the traceback.
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("how", HOW)
async def test_the_log_has_the_rest(
    client: httpx.AsyncClient,
    read: Read,
    quiet: pytest.LogCaptureFixture,
    method: str,
    how: str,
) -> None:
    """`log` gets one ERROR with the id, method, path and the traceback."""
    path = f"/crash/{how}"
    body = read(await client.request(method, path), 500, f"{method} {path}")
    found = entry(quiet, f"{method} {path} was answered 500")
    said = found.getMessage()
    assert found.levelname == "ERROR", f"The entry's level is {found.levelname}."
    for what, wanted in (
        ("id", str(body.get("instance"))),
        ("method", method),
        ("path", path),
    ):
        assert wanted in said, (
            f"The client got the id {body.get('instance')}, for {method} {path}. The "
            f"log says {said!r}, without the {what}."
        )
    error = found.exc_info[1] if found.exc_info else None
    assert error is not None, (
        f"The log says {said!r}, and has no traceback. `exc_info=error` brings it."
    )
    assert error.__traceback__ is not None, "The exception in the log has no traceback."


# - `log` gets one entry, of the level ERROR, with the same id, the method and the path,
# and with the traceback.
async def test_a_late_crash_is_logged(
    client: httpx.AsyncClient, quiet: pytest.LogCaptureFixture
) -> None:
    """A stream that breaks after its first row leaves an entry, too."""
    response = await client.get("/stream")
    assert response.text == "first row\n", f"The stream was {response.text!r}."
    found = entry(quiet, "A stream broke after its first row")
    assert "/stream" in found.getMessage(), f"The log says {found.getMessage()!r}."


# - The message of the entry is one line, whatever the path holds:
@pytest.mark.parametrize(
    "name", ["a%0Ab", "a%0D%0AERROR forged", "%1B[2J", "50%25", "%25s", "%7Bx%7D", "é"]
)
async def test_a_path_forges_no_line(
    client: httpx.AsyncClient, quiet: pytest.LogCaptureFixture, name: str
) -> None:
    """The entry is one line, whatever the path holds."""
    await client.get(f"/v1/labels/{name}")
    said = entry(quiet, f"GET /v1/labels/{name} was answered 500").getMessage()
    bad = [sign for sign in said if not sign.isprintable()]
    assert not bad, (
        f"GET /v1/labels/{name} was logged as {said!r}: {bad[0]!r} in it begins a new "
        "line or moves the cursor. `%r` writes a text so that this can be read."
    )
    assert "/v1/labels/" in said, f"GET /v1/labels/{name} was logged as {said!r}."


# - The message of the entry is one line, whatever the path holds:
async def test_query_headers_and_body_stay_out(
    client: httpx.AsyncClient, quiet: pytest.LogCaptureFixture
) -> None:
    """Query, headers and body stay out of the entry."""
    await client.post(
        f"/crash/plain?token={SECRET}",
        json={"password": SECRET},
        headers={"Authorization": f"Bearer {SECRET}", "Cookie": f"session={SECRET}"},
    )
    said = entry(quiet, "POST /crash/plain was answered 500").getMessage()
    assert SECRET not in said, (
        f"Query, headers and body held {SECRET}, and the log says {said!r}. "
        '`request.scope["path"]` is the path alone.'
    )


# - What other handlers answer is no crash.
async def test_others_are_no_crash(
    client: httpx.AsyncClient, quiet: pytest.LogCaptureFixture
) -> None:
    """What other handlers answer is no crash: it keeps its status, and isn't logged."""
    for path, status in (
        ("/known/1", 409),
        ("/known/0", 404),
        ("/known/x", 422),
        ("/nowhere", 404),
    ):
        response = await client.get(path)
        assert response.status_code == status, (
            f"GET {path} was answered {response.status_code} instead of {status}."
        )
    told = [one.getMessage() for one in entries(quiet) if one.name != "asyncio"]
    assert not told, f"Nothing has crashed, and the log says {told}."


# - Whatever nobody expected is answered with a problem:
async def test_the_server_hears_of_it(connect: Connect, app: FastAPI) -> None:
    """The exception still reaches the server, which may have a tracker of errors."""
    async with connect(app) as client:
        try:
            response = await client.get("/crash/inside")
        except ValidationError:
            return
    raise AssertionError(
        "Waybill built a model from wrong data of its own, and it was answered "
        f"{response.status_code}: {response.text}. Register a handler for Exception, "
        "and none for ValidationError."
    )
