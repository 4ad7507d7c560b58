"""Checks of middleware.security_headers: what browsers are asked not to do."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, HTTPException, Response

Connect = Callable[..., httpx.AsyncClient]

POLICY = "default-src 'none'; frame-ancestors 'none'"
ALWAYS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
CSP, HSTS, CACHE = (
    "Content-Security-Policy",
    "Strict-Transport-Security",
    "Cache-Control",
)
OWN = {
    "X-Content-Type-Options": "nosniff, really",
    "Referrer-Policy": "origin",
    CSP: "default-src 'self'",
    HSTS: "max-age=60",
    CACHE: "public, max-age=3600",
}


def make(**options: object) -> FastAPI:
    """Return an app with some routes."""
    app = FastAPI(**options)  # type: ignore[arg-type]

    @app.api_route("/parcels", methods=["GET", "POST", "HEAD"])
    async def parcels() -> str:
        return "seven"

    @app.get("/own")
    async def own(response: Response) -> str:
        response.headers.update(OWN)
        return "own"

    @app.get("/fail/{status}")
    async def fail(status: int) -> None:
        raise HTTPException(status) if status != 500 else RuntimeError("crash")

    return app


@pytest.fixture
async def client(
    connect: Connect, stand: Callable[..., Any]
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an app that the layer stands around."""
    layer = stand("security_headers", make())
    async with connect(layer, raise_app_exceptions=False) as client:
        yield client


def told(response: httpx.Response, name: str) -> str | None:
    """Return a header, all of it."""
    return ", ".join(response.headers.get_list(name)) or None


# - `X-Content-Type-Options: nosniff` and `Referrer-Policy: no-referrer`.
@pytest.mark.parametrize(
    "path", ["/parcels", "/nowhere", "/fail/404", "/fail/500", "/fail/204", "/docs"]
)
@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
async def test_every_answer_has_them(
    client: httpx.AsyncClient, path: str, scheme: str, method: str
) -> None:
    """Every answer has `nosniff` and `no-referrer`, whatever its status."""
    response = await client.request(method, f"{scheme}://waybill{path}")
    for name, wanted in ALWAYS.items():
        assert told(response, name) == wanted, (
            f"{method} {path} was answered {response.status_code}, with {name}: "
            f"{told(response, name)}; wanted is {wanted!r}."
        )


# - `Content-Security-Policy: default-src 'none'; frame-ancestors 'none'`, except at the
# paths of the app's docs, `docs_url` and `redoc_url`.
async def test_the_policy_is_strict(client: httpx.AsyncClient) -> None:
    """Every answer has the strict policy, but for the pages of the docs."""
    paths = ("/parcels", "/nowhere", "/fail/500", "/openapi.json", "/docs/x", "/docsx")
    for path in paths:
        response = await client.get(path)
        assert told(response, CSP) == POLICY, (
            f"GET {path} was answered with {CSP}: {told(response, CSP)}; wanted is "
            f"{POLICY!r}."
        )


# - `Content-Security-Policy: default-src 'none'; frame-ancestors 'none'`, except at the
# paths of the app's docs, `docs_url` and `redoc_url`.
@pytest.mark.parametrize(
    ("docs", "redoc", "others"),
    [
        ("/docs", "/redoc", ("/help",)),
        ("/help", "/help/more", ("/docs", "/redoc")),
        (None, "/help", ("/docs", "/redoc")),
        (None, None, ("/docs", "/redoc", "/help")),
    ],
)
async def test_docs_go_on_working(
    connect: Connect,
    stand: Callable[..., Any],
    docs: str | None,
    redoc: str | None,
    others: tuple[str, ...],
) -> None:
    """The docs load their scripts, wherever the app has them; other paths don't."""
    app = make(docs_url=docs, redoc_url=redoc)
    async with connect(stand("security_headers", app)) as client:
        for path in (docs, redoc):
            if path:
                response = await client.get(path)
                assert response.status_code == 200, f"{path}: {response.status_code}"
                assert told(response, CSP) is None, (
                    f"The app has its docs at {path}, and they were answered with "
                    f"{CSP}: {told(response, CSP)}, so no script of theirs is loaded. "
                    "`docs_url` and `redoc_url` of the app say where they are."
                )
        for path in others:
            response = await client.get(path)
            assert told(response, CSP) == POLICY, (
                f"The docs are at {docs} and {redoc}. GET {path} was answered with "
                f"{CSP}: {told(response, CSP)}. That is no "
                "path of this app's docs: it should have the policy."
            )


# - `Strict-Transport-Security: max-age=31536000` if the scheme is `https`.
@pytest.mark.parametrize("path", ["/parcels", "/nowhere", "/docs"])
async def test_https_stays_https(client: httpx.AsyncClient, path: str) -> None:
    """Over HTTPS, and only there, the browser is asked to stay with it."""
    for scheme, wanted in (("https", "max-age=31536000"), ("http", None)):
        headers = {"X-Forwarded-Proto": "https" if scheme == "http" else "http"}
        response = await client.get(f"{scheme}://waybill{path}", headers=headers)
        assert told(response, HSTS) == wanted, (
            f"GET {scheme}://waybill{path}, with X-Forwarded-Proto: "
            f"{headers['X-Forwarded-Proto']}, was answered with {HSTS}: "
            f"{told(response, HSTS)}; wanted is {wanted}. uvicorn has decided whom to "
            'believe: `scope["scheme"]` is what counts.'
        )


# - `Cache-Control: no-store` if the request has an `Authorization`: the answer is
# somebody's own.
@pytest.mark.parametrize("path", ["/parcels", "/nowhere", "/fail/403", "/docs"])
async def test_private_answers_are_not_kept(
    client: httpx.AsyncClient, path: str
) -> None:
    """With `Authorization` an answer isn't kept; without, it is left alone."""
    for sent in ({"Authorization": "Bearer x"}, {"authorization": "Basic y"}):
        response = await client.get(path, headers=sent)
        assert told(response, CACHE) == "no-store", (
            f"GET {path} with {sent} was answered with {CACHE}: "
            f"{told(response, CACHE)}; wanted is no-store."
        )
    for other in ({}, {"Cookie": "authorization=1"}, {"X-Authorization": "x"}):
        response = await client.get(path, headers=other)
        assert told(response, CACHE) is None, (
            f"GET {path} with {other} has no Authorization, and was answered with "
            f"{CACHE}: {told(response, CACHE)}."
        )


# Add headers to what comes from inside, and leave alone what a route has set itself.
@pytest.mark.parametrize("name", [*OWN])
async def test_a_route_knows_better(client: httpx.AsyncClient, name: str) -> None:
    """What a route has set itself stays as it is."""
    sent = {"Authorization": "Bearer x"}
    response = await client.get("https://waybill/own", headers=sent)
    assert told(response, name) == OWN[name], (
        f"A route set {name}: {OWN[name]}, and the client got {told(response, name)}. "
        "`setdefault` leaves alone what is there."
    )


# - Each message goes on as it comes, and `lifespan` and `websocket` pass as they are.
async def test_messages_go_on(
    follow: Callable[..., Awaitable[list[int]]], stand: Callable[..., Any]
) -> None:
    """Each piece of an answer goes on at once."""
    counts = await follow(lambda app: stand("security_headers", FastAPI(), app))
    assert counts == [1, 2, 3, 4], (
        "The app sent four messages, one after the other, and waited after each. By "
        f"then the client had {counts} of them; it should have [1, 2, 3, 4]."
    )


# - Each message goes on as it comes, and `lifespan` and `websocket` pass as they are.
async def test_others_pass(as_they_are: Callable[..., Awaitable[None]]) -> None:
    """Scopes of the types `lifespan` and `websocket` pass as they are."""
    from waybill.layers import SecurityHeadersMiddleware

    await as_they_are(SecurityHeadersMiddleware)
