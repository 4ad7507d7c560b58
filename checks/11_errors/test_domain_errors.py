"""Checks of errors.domain_errors: what HTTP calls what happened."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, HTTPException
from sqlalchemy.exc import IntegrityError

Connect = Callable[..., httpx.AsyncClient]
Read = Callable[..., dict[str, Any]]
SECRET = "lena@example.com-7f3a"  # noqa: S105


class FloodError(Exception):
    """Something that Waybill doesn't know yet."""


def failing(app: FastAPI, error: Exception) -> FastAPI:
    """Give an app a route that raises an error."""

    @app.get("/fail")
    async def fail() -> None:
        raise error

    return app


def meanings() -> dict[type[Exception], tuple[int, str]]:
    """Return Waybill's table."""
    from waybill.problems import MEANINGS

    return MEANINGS


# - Each exception of `MEANINGS` is answered with a problem that has its status and its
# text.
async def test_each_is_answered(
    connect: Connect, read: Read, taught: Callable[[str], FastAPI]
) -> None:
    """Each exception of `MEANINGS` is answered with its status and its text."""
    from waybill.repository import RefusedError
    from waybill.store import OnItsWayError, StaleError

    for error, status in ((StaleError, 412), (OnItsWayError, 409), (RefusedError, 409)):
        name = error.__name__
        app = failing(taught("answer_domain_errors"), error("seen: 7"))
        async with connect(app, raise_app_exceptions=False) as client:
            body = read(
                await client.get("/fail"), status, f"{name}, raised in a route,"
            )
        wanted = {
            "title": body["title"],
            "status": status,
            "detail": meanings()[error][1],
        }
        own = "seen: 7" in str(body)
        assert body == wanted, (
            f"{name}('seen: 7') was raised, and the body is {body}. MEANINGS says "
            f"{meanings()[error]}. "
            + ("What the exception says is in it. " * own)
            + ("A function in a loop sees the values of the last round." * (not own))
        )
    assert meanings()[OnItsWayError][1] == "The parcel is on its way."


# - Subclasses are answered too.
@pytest.mark.parametrize("name", ["StaleError", "OnItsWayError"])
async def test_subclasses_are_answered(
    connect: Connect, read: Read, taught: Callable[[str], FastAPI], name: str
) -> None:
    """A subclass of an exception of the table is answered like it."""
    from waybill import store

    kind: type[Exception] = getattr(store, name)
    own = type("Own", (type("Parent", (kind,), {}),), {})
    app = failing(taught("answer_domain_errors"), own())
    status, detail = meanings()[kind]
    async with connect(app, raise_app_exceptions=False) as client:
        what = f"A subclass of {name}"
        body = read(await client.get("/fail"), status, what)
    assert body["detail"] == detail, f"{what} was answered {body}."


# - A new line in `MEANINGS` is enough for one more exception.
@pytest.mark.parametrize(("status", "text"), [(507, "No room."), (451, "By law.")])
async def test_a_new_line_is_enough(
    connect: Connect,
    read: Read,
    taught: Callable[[str], FastAPI],
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    text: str,
) -> None:
    """A new line in `MEANINGS` is enough, if it is there when the app is made."""
    monkeypatch.setitem(meanings(), FloodError, (status, text))
    app = failing(taught("answer_domain_errors"), FloodError())
    async with connect(app, raise_app_exceptions=False) as client:
        what = f"`FloodError: ({status}, {text!r})` was added to MEANINGS. FloodError"
        body = read(await client.get("/fail"), status, what)
    assert body["detail"] == text, f"{what} was answered {body}."


# - The text of the exception itself is not in the answer.
@pytest.mark.parametrize("name", ["StaleError", "OnItsWayError"])
async def test_its_text_stays_inside(
    connect: Connect, taught: Callable[[str], FastAPI], name: str
) -> None:
    """The text of the exception itself is not in the answer."""
    from waybill import store

    app = failing(taught("answer_domain_errors"), getattr(store, name)(SECRET, 7))
    async with connect(app, raise_app_exceptions=False) as client:
        response = await client.get("/fail")
    told = f"{response.text} {dict(response.headers)}"
    assert SECRET not in told, (
        f"{name}({SECRET!r}) was raised, and the answer repeats it: {told}. Send the "
        "text of the table."
    )


# - Every other exception goes on unchanged.
@pytest.mark.parametrize(
    "error",
    [
        LookupError("nobody expected this"),
        IntegrityError("INSERT", None, Exception("UNIQUE")),
        FloodError("not in the table"),
    ],
)
async def test_others_go_on(
    connect: Connect, taught: Callable[[str], FastAPI], error: Exception
) -> None:
    """An exception that is not in the table goes on unchanged."""
    app = failing(taught("answer_domain_errors"), error)
    name = type(error).__name__
    async with connect(app) as client:
        try:
            response = await client.get("/fail")
        except Exception as raised:  # noqa: BLE001 - which one, is the question
            assert raised is error, (  # noqa: PT017
                f"{name} was raised, and {raised!r} went on."
            )
        else:
            raise AssertionError(
                f"{name} is not in MEANINGS, and it was answered "
                f"{response.status_code}: {response.text}"
            )
    async with connect(app, raise_app_exceptions=False) as client:
        response = await client.get("/fail")
    assert (response.status_code, response.text) == (500, "Internal Server Error"), (
        f"{name} is not in MEANINGS, and a client was answered {response.status_code} "
        f"{response.text!r} instead of the 500 of an app without a handler for it."
    )


# - Every other exception goes on unchanged.
async def test_http_exceptions_stay(
    connect: Connect, taught: Callable[[str], FastAPI]
) -> None:
    """An HTTPException keeps its own status and text."""
    error = HTTPException(418, "I'm a teapot.", {"Retry-After": "240"})
    async with connect(failing(taught("answer_domain_errors"), error)) as client:
        response = await client.get("/fail")
    found = (response.status_code, response.json().get("detail"))
    assert found == (418, "I'm a teapot."), f"{error!r} was answered {found}."


# - Each exception of `MEANINGS` is answered with a problem that has its status and its
# text.
async def test_a_subclass_may_have_its_own_line(
    connect: Connect,
    read: Read,
    taught: Callable[[str], FastAPI],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A subclass that stands in `MEANINGS` itself is answered with its own line."""
    from waybill.store import StaleError

    own = type("LostError", (StaleError,), {})
    monkeypatch.setitem(meanings(), own, (410, "It is gone."))
    app = failing(taught("answer_domain_errors"), own())
    async with connect(app, raise_app_exceptions=False) as client:
        what = "LostError, a StaleError with a line of its own in MEANINGS,"
        body = read(await client.get("/fail"), 410, what)
    assert body["detail"] == "It is gone.", f"{what} was answered {body}."
