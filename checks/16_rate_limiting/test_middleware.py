"""Checks of rate_limiting.middleware: what stands around the app."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING

import httpx
import pytest
from fastapi import FastAPI, HTTPException
from fastapi.requests import HTTPConnection

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope, Send

Connect = Callable[..., httpx.AsyncClient]
Pieces = Callable[[FastAPI], Awaitable[tuple[list[str], list[str]]]]

FIELDS = ("RateLimit-Policy", "RateLimit")
ASKED = [("/parcels/7", 200), ("/nope", 404), ("/parcels/seven", 422)]
ASKED += [("/busy", 503), ("/gone", 204)]
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "SEARCH")


@pytest.fixture
async def client(connect: Connect, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the app."""
    async with connect(app) as client:
        yield client


def refuse(app: FastAPI, wait: float = 12.0) -> None:
    """Let the limiter refuse, until so many seconds have passed."""
    from waybill.limits import Hit

    app.state.limiter.answer = Hit(False, 0, wait, 59.3)


async def ask(
    client: httpx.AsyncClient, path: str, method: str = "GET"
) -> httpx.Response:
    """Ask for a path; out here nobody makes an answer of an HTTPException."""
    try:
        return await client.request(method, path)
    except HTTPException as error:
        raise AssertionError(
            f"For {method} {path} the middleware raised HTTPException, and no answer "
            "came. Handlers for HTTPException stand inside of middleware; send a "
            "response yourself."
        ) from error


def told(response: httpx.Response, what: str) -> dict[str, int]:
    """Return the numbers that both RateLimit fields hold."""
    numbers = {}
    for field in FIELDS:
        found = response.headers.get_list(field)
        assert len(found) <= 1, f"{what} was answered with {field} twice: {found}."
        text = response.headers.get(field)
        assert text, (
            f"{what} was answered {response.status_code} without `{field}`. An "
            "answer's headers go out in the message `http.response.start`."
        )
        assert re.fullmatch(r'"[^"]+"(;\s*[a-z]+=\d+)+', text), (
            f"{what} was answered `{field}: {text}`. It is spelt as in the task: a "
            'name in quotes, then each number, such as "default";r=41;t=36.'
        )
        parts = [part.strip().partition("=") for part in text.split(";")[1:]]
        numbers |= {name: int(value) for name, _, value in parts if value.isdigit()}
    return numbers


# - An allowed request is answered as before, and its answer also has the headers of
# `limit_headers()`, even if it is a 404 or a 422.
@pytest.mark.parametrize(("path", "status"), ASKED)
async def test_an_answer_says_how_much_is_left(
    client: httpx.AsyncClient, app: FastAPI, path: str, status: int
) -> None:
    """An allowed request is answered as ever, with both RateLimit fields."""
    from waybill.limits import Hit, Limit

    for limit, hit, expected in (
        (Limit(100, 60), Hit(True, 41, 0, 35.2), {"q": 100, "w": 60, "r": 41, "t": 36}),
        (Limit(7, 0.5), Hit(True, 0, 0.1, 0.5), {"q": 7, "w": 1, "r": 0, "t": 1}),
    ):
        app.state.limiter.limit, app.state.limiter.answer = limit, hit
        response = await client.get(path)
        assert response.status_code == status, (
            f"GET {path} was allowed and was answered {response.status_code}; without "
            f"the middleware it is {status}. Pass it on, whatever the app answers."
        )
        numbers = told(response, f"GET {path}")
        assert numbers == expected, (
            f"With a {limit} and a {hit}, the fields say {numbers}; rounded up, it is "
            f'{expected}. Each is spelt `"default";name=number;name=number`.'
        )
    assert "Retry-After" not in response.headers, (
        f"GET {path} was allowed, and the answer has a Retry-After. That is for 429."
    )
    assert status != 200 or response.headers.get("X-Depot") == "BER", (
        "The route set a header of its own, and it didn't arrive. Add to the headers."
    )


# - A refused request is answered 429 with the headers of `limit_headers()` and a JSON
# body with a text as `detail`.
async def test_too_many_is_429(
    client: httpx.AsyncClient, app: FastAPI, visits: list[str]
) -> None:
    """A refused request is answered 429, and the app isn't asked."""
    refuse(app)
    for what in (*(f"{method} /parcels/7" for method in METHODS), "GET /nope"):
        method, path = what.split()
        response = await ask(client, path, method)
        assert response.status_code == 429, (
            f"The limiter refused {what}, and the client was answered "
            f"{response.status_code}: {response.text}"
        )
        assert not visits, (
            f"{what} was answered 429, when the app had done the work already."
        )
        numbers = told(response, f"{what}, which was refused,")
        assert numbers == {"q": 100, "w": 60, "r": 0, "t": 60}, (
            f"The limiter said {app.state.limiter.answer}, and the fields {numbers}."
        )


async def test_a_refusal_is_json(client: httpx.AsyncClient, app: FastAPI) -> None:
    """A 429 has a JSON body with a text as `detail`, as FastAPI's own refusals have."""
    refuse(app)
    response = await ask(client, "/parcels/7")
    kind = response.headers.get("Content-Type", "none")
    assert kind.startswith(("application/json", "application/problem+json")), (
        f"The 429 has the Content-Type {kind}: {response.text!r}. Waybill speaks JSON."
    )
    body = response.json()
    detail = body.get("detail") if isinstance(body, dict) else None
    assert isinstance(detail, str) and detail != "", (  # noqa: PT018 - one rule
        f"The body of the 429 is {body!r}. Like those of other refusals, it should be "
        "an object with a text called `detail`."
    )


@pytest.mark.parametrize(
    ("wait", "seconds"), [(0.02, 1), (1.0, 1), (12.0, 12), (12.01, 13), (0.0, 1)]
)
async def test_a_refusal_says_when_to_come_back(
    client: httpx.AsyncClient, app: FastAPI, wait: float, seconds: int
) -> None:
    """A 429 has Retry-After: the wait in whole seconds, rounded up, at least 1."""
    refuse(app, wait)
    response = await ask(client, "/parcels/7")
    retry_after = response.headers.get("Retry-After", "nothing")
    assert retry_after == str(seconds), (
        f"The next request is allowed in {wait:g} seconds, and Retry-After says "
        f"{retry_after}; it should say {seconds}: rounded up, lest the client comes "
        "back too early, and never 0, which invites it to ask at once."
    )


# - Every HTTP request is counted once, whatever its method:
async def test_it_counts_the_caller(client: httpx.AsyncClient, app: FastAPI) -> None:
    """A request is counted once, as `caller` says, with this app's key."""
    from datetime import UTC, datetime

    from waybill.limits import caller
    from waybill.tokens import issue_token

    key = app.state.settings.secret_key
    token = f"Bearer {issue_token(41, key, datetime.now(UTC))}"
    for method, headers in (
        *((method, {}) for method in METHODS),
        ("GET", {"authorization": token}),
    ):
        app.state.limiter.counted.clear()
        await client.request(method, "/parcels/7", headers=headers)
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        scope = {"type": "http", "client": ("127.0.0.1", 123), "headers": raw}
        expected = [caller(HTTPConnection(scope), key)]
        counted = app.state.limiter.counted
        assert counted == expected, (
            f"One {method} came {'with a token of account 41 ' if headers else ''}from "
            f"127.0.0.1, and the limiter of the app counted {counted}; it should be "
            f"{expected}, once, as `caller` says with the app's secret_key."
        )


LIKE_HEALTH = (
    *("/health/x", "/healthy", "/health/", "/v1/health", "/parcels/health", "/HEALTH"),
    *("/parcels/7?next=/health", "//health", "/docs", "/openapi.json", "/favicon.ico"),
    *("/", "/metrics", "/redoc", "/robots.txt", "/ready"),
)


# - The path `/health` is the only one that is exempt.
async def test_health_is_exempt(client: httpx.AsyncClient, app: FastAPI) -> None:
    """`/health` is neither counted nor refused, by any method; other paths are."""
    refuse(app)
    for method, query in (*((one, "") for one in METHODS), ("GET", "?by=monitor")):
        response = await client.request(method, f"/health{query}")
        assert response.status_code == (200 if method == "GET" else 405), (
            f"The limiter refuses everybody, and {method} /health was answered "
            f"{response.status_code}. Whoever watches over Waybill would restart it."
        )
    counted = app.state.limiter.counted
    assert not counted, f"/health was counted, for {counted}."
    shown = [field for field in FIELDS if field in response.headers]
    assert not shown, f"GET /health isn't limited, and its answer has {shown}."
    for path in LIKE_HEALTH:
        response = await ask(client, path)
        assert response.status_code == 429, (
            f"The limiter refuses everybody, and GET {path} was answered "
            f"{response.status_code}. `/health` is the only path that is exempt."
        )


async def receive() -> "Message":
    """Return what a client without a body sends."""
    return {"type": "http.request", "body": b"", "more_body": False}


# - Scopes of the types `lifespan` and `websocket` pass as they are.
async def test_other_scopes_pass(app: FastAPI) -> None:
    """Lifespan and websocket scopes pass untouched, and aren't counted."""
    from waybill.limits import LimitMiddleware

    refuse(app)
    passed: list[object] = []

    async def inner(scope: "Scope", receive: "Receive", send: "Send") -> None:
        passed.append((scope, receive, send))

    async def send(message: "Message") -> None:
        raise AssertionError(f"The middleware itself sent {message}.")

    live = {"path": "/live", "headers": [], "client": ("203.0.113.7", 1)}
    for kind, rest in (("lifespan", {"state": {}}), ("websocket", live)):
        scope: Scope = {"type": kind, "app": app} | rest
        before = dict(scope)
        try:
            await LimitMiddleware(inner)(scope, receive, send)
        except (KeyError, AttributeError, TypeError, AssertionError) as error:
            raise AssertionError(
                f"A {kind} scope ended in {error!r}. Look at the type first."
            ) from error
        assert passed[-1:] == [(before, receive, send)], (
            f"A scope of the type {kind} should reach the app with the same scope, "
            "receive and send; it didn't."
        )
    counted = app.state.limiter.counted
    assert not counted, f"Nothing here is HTTP, and {counted} was counted."


# - Each message goes on as it comes.
async def test_streams_flow(app: FastAPI, visits: list[str], pieces: Pieces) -> None:
    """The status and each piece of a stream go out before the next one is made."""

    async def send(message: "Message") -> None:
        if message["type"] == "http.response.start":
            visits.append("sent the status")
        if body := message.get("body"):
            visits.append(f"sent {body.decode().strip()}")

    scope = {"type": "http", "method": "GET", "path": "/stream", "query_string": b""}
    asgi = {"asgi": {"version": "3.0", "spec_version": "2.4"}}
    await app(scope | asgi | {"headers": [], "client": None}, receive, send)
    rows = [f"{what} {row}" for row in range(8) for what in ("made", "sent")]
    expected = ["sent the status", *rows]
    assert visits == expected, (
        f"A stream of eight rows went like this: {', '.join(visits)}. Pass each "
        "message on as it comes: a million rows won't fit in memory."
    )
    sent, came = await pieces(app)
    assert came == sent, f"An app sent {sent}; {came} went on. Pass on what you get."


# - Every HTTP request is counted once, whatever its method:
async def test_the_limiter_may_change(
    client: httpx.AsyncClient, app: FastAPI, scripted: Callable[[int, float], object]
) -> None:
    """It asks the limiter that the app has at the moment."""
    await ask(client, "/parcels/7")
    app.state.limiter = scripted(5, 60)
    refuse(app)
    response = await ask(client, "/parcels/7")
    assert response.status_code == 429, (
        "app.state.limiter was replaced by one that refuses, and the next request was "
        f"answered {response.status_code}. Look the limiter up for each request."
    )


# - An allowed request is answered as before, and its answer also has the headers of
# `limit_headers()`, even if it is a 404 or a 422.
async def test_what_the_route_says_stays(client: httpx.AsyncClient) -> None:
    """A header that the answer has already stays as it is."""
    response = await client.get("/own")
    found = response.headers.get_list("RateLimit")
    assert found == ['"own";r=3;t=9'], (
        "The route has a limit of its own, and its answer said RateLimit: "
        f'"own";r=3;t=9. What arrived is {found}. Add what the answer lacks.'
    )
