"""Checks of middleware.cors: which pages may use Waybill, and how."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, HTTPException, Response

Connect = Callable[..., httpx.AsyncClient]
Ask = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]

SHOP, DESK, EVIL = (
    "https://shop.example",
    "http://localhost:5173",
    "https://evil.example",
)
ALLOW = "Access-Control-Allow-Origin"
CREDENTIALS = "Access-Control-Allow-Credentials"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
SENT = ("Authorization", "Content-Type", "If-Match", "Last-Event-ID", "X-Request-ID")
READ = ("ETag", "Link", "RateLimit", "RateLimit-Policy", "Retry-After", "X-Request-ID")


@pytest.fixture
def ask(connect: Connect, stand: Callable[..., Any]) -> Ask:
    """Return what opens a client on an app whose allowed origins are given."""

    @asynccontextmanager
    async def ask(*origins: str) -> AsyncIterator[httpx.AsyncClient]:
        from waybill.settings import Settings

        app = FastAPI()
        app.state.settings = Settings(
            environment="development", allowed_origins=[*origins]
        )

        @app.api_route("/parcels", methods=[*METHODS])
        async def parcels(response: Response) -> str:
            response.headers["ETag"] = '"7"'
            return "seven"

        @app.get("/fail/{status}")
        async def fail(status: int) -> None:
            raise HTTPException(status)

        async with connect(stand("cors", app)) as client:
            yield client

    return ask


def preflight(origin: str, method: str, *headers: str) -> dict[str, str]:
    """Return the headers with which a browser asks first."""
    asked = {"Origin": origin, "Access-Control-Request-Method": method}
    if headers:  # a browser sorts them, in lower case
        names = ",".join(sorted(name.lower() for name in headers))
        asked["Access-Control-Request-Headers"] = names
    return asked


# - Pages of the `allowed_origins` may read answers; all others may not.
@pytest.mark.parametrize("path", ["/parcels", "/fail/404", "/fail/429", "/nowhere"])
@pytest.mark.parametrize("allowed", [(SHOP,), (DESK, SHOP), (SHOP, DESK)])
async def test_allowed_pages_may_read(
    ask: Ask, path: str, allowed: tuple[str, ...]
) -> None:
    """A page of an allowed origin may read every answer."""
    async with ask(*allowed) as client:
        for origin in allowed:
            response = await client.get(path, headers={"Origin": origin})
            told = response.headers.get(ALLOW)
            assert told == origin, (
                f"allowed_origins is {list(allowed)}. A page of {origin} asked for "
                f"{path}, and {ALLOW} is {told!r}; it should be {origin!r}. Take the "
                "origins from `app.state.settings`."
            )


# - Pages of the `allowed_origins` may read answers; all others may not.
@pytest.mark.parametrize(
    "origin",
    [
        EVIL,
        "null",
        "http://shop.example",
        "https://shop.example:8443",
        "https://shop.example.evil.example",
        "https://evilshop.example",
        "https://a.shop.example",
        "https://shopxexample",
    ],
)
@pytest.mark.parametrize("allowed", [(), (SHOP,)])
async def test_others_may_not(ask: Ask, origin: str, allowed: tuple[str, ...]) -> None:
    """A page of any other origin may not read, nor ask with a preflight."""
    async with ask(*allowed) as client:
        cookie = {"Origin": origin, "Cookie": "session=lena"}
        for method, sent in (
            ("GET", cookie),
            ("OPTIONS", preflight(origin, "GET", "Authorization")),
        ):
            response = await client.request(method, "/parcels", headers=sent)
            told = response.headers.get(ALLOW)
            assert told is None, (
                f"allowed_origins is {list(allowed)}. A page of {origin} asked with "
                f"{method}, and was answered with {ALLOW}: {told}. It is not on the "
                "list, so its script may read nothing."
            )


# - Credentials are never allowed, not even with `"*"` on your own machine.
@pytest.mark.parametrize("allowed", [(SHOP,), ("*",), ("*", SHOP)])
async def test_credentials_never_are(ask: Ask, allowed: tuple[str, ...]) -> None:
    """Credentials are never allowed; `*` means `*`, and repeats no origin."""
    async with ask(*allowed) as client:
        for method, sent in (
            ("GET", {"Origin": SHOP, "Cookie": "session=lena"}),
            ("OPTIONS", preflight(SHOP, "GET", "Authorization")),
        ):
            response = await client.request(method, "/parcels", headers=sent)
            assert CREDENTIALS not in response.headers, (
                f"allowed_origins is {list(allowed)}, and {method} was answered with "
                f"{CREDENTIALS}: {response.headers[CREDENTIALS]}. A browser would send "
                "its cookies, and show the page what they open. Leave it out."
            )
            told = response.headers.get(ALLOW)
            wanted = "*" if "*" in allowed else SHOP
            assert told == wanted, (
                f"allowed_origins is {list(allowed)}, and {method} was answered with "
                f"{ALLOW}: {told}; it should be {wanted}."
            )


# - `cors` stands after the two that are in `layers`,
def test_it_stands_after_the_others() -> None:
    """`cors` stands inside of what gives an id and writes a line."""
    from waybill import layers

    names = [one.__name__ for one in layers.layers]
    three = ["request_ids", "request_log", "cors"]
    found = [name for name in names if name in three]
    assert found == three, (
        f"`layers` holds {', '.join(names)}. `cors` answers preflights itself: what "
        "stands after it never meets them. `layers.append(cors)` puts it at the end."
    )


# - Pages may ask at least with GET, POST, PUT, PATCH and DELETE.
@pytest.mark.parametrize("method", METHODS)
async def test_methods(ask: Ask, method: str) -> None:
    """A preflight for GET, POST, PUT, PATCH or DELETE is answered 200."""
    async with ask(SHOP) as client:
        sent = preflight(SHOP, method)
        response = await client.options("/parcels", headers=sent)
        assert response.status_code == 200, (
            f"A page of {SHOP} may ask with {method}, and its preflight was answered "
            f"{response.status_code}: {response.text}. See `allow_methods`."
        )
        told = response.headers.get("Access-Control-Allow-Methods", "")
        assert method in told.split(", "), f"{method} is not in {told!r}."


# - They may send at least `Authorization`, `Content-Type`, `If-Match`, `Last-Event-ID`
# and `X-Request-ID`.
@pytest.mark.parametrize("names", [*((name,) for name in SENT), SENT], ids=",".join)
async def test_headers_that_are_sent(ask: Ask, names: tuple[str, ...]) -> None:
    """A preflight for each of Waybill's headers, or for all, is answered 200."""
    async with ask(SHOP) as client:
        sent = preflight(SHOP, "PATCH", *names)
        response = await client.options("/parcels", headers=sent)
        assert response.status_code == 200, (
            f"A page of {SHOP} wants to send {', '.join(names)}, and its preflight was "
            f"answered {response.status_code}: {response.text}. See `allow_headers`."
        )
        told = response.headers.get("Access-Control-Allow-Headers", "").lower()
        missing = [one for one in names if one.lower() not in told.split(", ")]
        missing = [one for one in missing if one.lower() not in told.split(",")]
        assert not missing, f"{missing} may be sent, and the answer lists {told!r}."
        assert response.headers.get(ALLOW) == SHOP, (
            f"The preflight was answered with {ALLOW}: {response.headers.get(ALLOW)}."
        )


# - They may read at least `ETag`, `Link`, `RateLimit`, `RateLimit-Policy`,
# `Retry-After` and `X-Request-ID`.
async def test_headers_that_are_read(ask: Ask) -> None:
    """A page's script may read the headers that Waybill's clients need."""
    async with ask(SHOP) as client:
        response = await client.get("/parcels", headers={"Origin": SHOP})
    told = response.headers.get("Access-Control-Expose-Headers", "").lower()
    names = {name.strip() for name in told.split(",")}
    missing = [name for name in READ if name.lower() not in names]
    assert not missing, (
        f"A script of {SHOP} can't read {', '.join(missing)}: the answer exposes "
        f"{told!r}. See `expose_headers`. (A `*` here means all headers, but not for "
        "every browser, and not with Authorization: write the names.)"
    )


# - Pages of the `allowed_origins` may read answers; all others may not.
async def test_each_app_has_its_own(ask: Ask) -> None:
    """Two apps with different settings allow different pages."""
    async with ask(SHOP) as first, ask(DESK) as second:
        for client, wanted in ((first, SHOP), (second, DESK), (first, SHOP)):
            for origin in (SHOP, DESK):
                response = await client.get("/parcels", headers={"Origin": origin})
                told = response.headers.get(ALLOW)
                assert told == (origin if origin == wanted else None), (
                    f"Of two apps, one allows {SHOP} and one {DESK}. The one for "
                    f"{wanted} told a page of {origin}: {told}."
                )
