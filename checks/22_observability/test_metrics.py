"""Checks of observability.metrics: each request counted once, in few numbers."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from fastapi.responses import StreamingResponse

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope, Send

    from waybill.metrics import Metrics

Connect = Callable[..., httpx.AsyncClient]
COUNTED = "waybill_requests_total"
TOOK = "waybill_request_seconds_sum"
TIMES = "waybill_request_seconds_count"


@pytest.fixture
def clock() -> list[float]:
    """What the clock of these checks shows, as the one item of a list."""
    return [5000.0]


@pytest.fixture
def metrics() -> "Metrics":
    """What the app in here counts."""
    from waybill.metrics import Metrics

    return Metrics()


@pytest.fixture
def app(metrics: "Metrics", clock: list[float]) -> FastAPI:
    """An app with a few routes, some of them below a prefix."""
    from waybill.metrics import MetricsMiddleware

    app, router = FastAPI(), APIRouter()

    @router.api_route("/parcels/{parcel_id}", methods=["GET", "DELETE"])
    async def parcel(parcel_id: int) -> int:
        clock[0] += 0.5
        return parcel_id

    @router.get("/broken/{code}")
    async def broken(code: str) -> None:
        clock[0] += 2
        raise RuntimeError(code)

    @app.get("/export")
    async def export() -> StreamingResponse:
        async def rows() -> AsyncIterator[str]:
            for row in ("one", "two"):
                clock[0] += 3
                yield row

        return StreamingResponse(rows())

    @app.get("/broken-off")
    async def broken_off() -> StreamingResponse:
        async def rows() -> AsyncIterator[str]:
            yield "one"
            raise RuntimeError("no more rows")

        return StreamingResponse(rows())

    app.include_router(router, prefix="/v1")
    app.add_middleware(MetricsMiddleware, metrics, lambda: clock[0])
    return app


@pytest.fixture
async def client(connect: Connect, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the app; it reads a 500 where a server would send one."""
    async with connect(app, raise_app_exceptions=False) as client:
        yield client


def counts(metrics: "Metrics") -> dict[tuple[str, ...], float]:
    """Return what was counted: by method, route and status."""
    return {
        tuple(one.labels[name] for name in ("method", "route", "status")): one.value
        for family in metrics.registry.collect()
        for one in family.samples
        if one.name == COUNTED
    }


def in_progress(metrics: "Metrics") -> float | None:
    """Return how many requests have not ended, as the metrics have it."""
    return metrics.registry.get_sample_value("waybill_requests_in_progress")


# - Each request is counted once, by its method, its route and the class of its status:
@pytest.mark.parametrize(
    ("method", "path", "key"),
    [
        ("GET", "/v1/parcels/7", ("GET", "/v1/parcels/{parcel_id}", "2xx")),
        ("DELETE", "/v1/parcels/81", ("DELETE", "/v1/parcels/{parcel_id}", "2xx")),
        ("GET", "/v1/parcels/seven", ("GET", "/v1/parcels/{parcel_id}", "4xx")),
        ("PUT", "/v1/parcels/7", ("PUT", "/v1/parcels/{parcel_id}", "4xx")),
        ("GET", "/export", ("GET", "/export", "2xx")),
    ],
)
async def test_each_request_is_counted(
    client: httpx.AsyncClient,
    metrics: "Metrics",
    method: str,
    path: str,
    key: tuple[str, ...],
) -> None:
    """Each request is counted once, by method, declared route and class of status."""
    for times in (1, 2, 3):
        await client.request(method, path)
        found = counts(metrics)
        assert found == {key: times}, (
            f"{method} {path} came {times} times. By method, route and status, these "
            f"were counted: {found}; { ({key: times}) } was expected."
        )


# - The label `route` is what `route_of` returns, and `none` for a request that matches
# no route.
async def test_paths_are_no_label(
    client: httpx.AsyncClient, metrics: "Metrics"
) -> None:
    """Whatever clients ask for, the number of series stays as it is."""
    for number in (1, 22, 333):
        await client.get(f"/v1/parcels/{number}?page={number}")
        await client.get(f"/wp-login-{number}.php?x={number}")
    found = counts(metrics)
    wanted = {
        ("GET", "/v1/parcels/{parcel_id}", "2xx"): 3,
        ("GET", "none", "4xx"): 3,
    }
    assert found == wanted, (
        "Three parcels were asked for, and three pages that aren't there. The counter "
        f"has {found}; {wanted} was expected. The route is known once the app has "
        "answered."
    )
    for route in ("/v1/parcels/{parcel_id}", "none"):
        times = metrics.registry.get_sample_value(TIMES, {"route": route})
        assert times == 3, (
            f"`seconds` has {times} times for the route {route!r}, not 3."
        )


# - The label `method` is one of `METHODS`, or `other`: clients make up methods, too.
async def test_methods_are_few(client: httpx.AsyncClient, metrics: "Metrics") -> None:
    """A method that nobody knows is `other`."""
    for number, method in enumerate(("SEARCH", "BREW", "ETG")):
        await client.request(method, f"/wp-login-{number}.php")
    found = counts(metrics)
    assert found == {("other", "none", "4xx"): 3}, (
        "SEARCH /wp-login-0.php, BREW /wp-login-1.php and ETG /wp-login-2.php came. "
        f"Counted were {found}; 3 for other, none, 4xx were expected."
    )
    known = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
    for method in known:
        await client.request(method, "/nope")
    found = counts(metrics)
    methods = sorted({method for method, _, _ in found})
    assert methods == sorted([*known, "other"]), (
        f"Requests came with BREW, SEARCH and ETG, and with each of {known}. The label "
        f"`method` has the values {methods}."
    )
    for method in known:
        times = found.get((method, "none", "4xx"))
        assert times == 1, f"{method} /nope came once, and was counted {times} times."


# - The time to the end of the answer goes into `seconds`, by route, as `clock` measures
# it.
async def test_times_go_to_the_end(
    client: httpx.AsyncClient, metrics: "Metrics"
) -> None:
    """The time is measured to the end of the body, with the clock that is given."""
    for path, route, took in (
        ("/v1/parcels/7", "/v1/parcels/{parcel_id}", 0.5),
        ("/export", "/export", 6),
        ("/nope", "none", 0),
    ):
        await client.get(path)
        found = metrics.registry.get_sample_value(TOOK, {"route": route})
        assert found == took, (
            f"By the clock of this check, GET {path} took {took} seconds to the end of "
            f"its body. For the route {route!r}, `seconds` has noted {found}."
        )


# - A request that ends with an exception is counted and timed as well, as `5xx` unless
# its answer had begun. The exception goes on.
async def test_a_crash_is_counted(app: FastAPI, metrics: "Metrics") -> None:
    """A request that crashes is counted and timed, and its exception goes on."""
    for path, key, took in (
        ("/v1/broken/a", ("GET", "/v1/broken/{code}", "5xx"), 2),
        ("/broken-off", ("GET", "/broken-off", "2xx"), 0),
    ):
        raised: list[Exception] = []

        async def noting(
            scope: "Scope",
            receive: "Receive",
            send: "Send",
            raised: list[Exception] = raised,
        ) -> None:
            try:
                await app(scope, receive, send)
            except Exception as error:
                raised.append(error)
                raise

        transport = httpx.ASGITransport(noting)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://w"
        ) as client:
            with suppress(Exception):
                await client.get(path)
        found = counts(metrics)
        assert found.get(key) == 1, (
            f"GET {path} ended with an exception. Counted by now are {found}; 1 for "
            f"{key} was expected."
        )
        times = metrics.registry.get_sample_value(TOOK, {"route": key[1]})
        assert times == took, (
            f"GET {path} ended with an exception after {took} seconds, and for its "
            f"route `seconds` has noted {times}."
        )
        assert raised, (
            f"GET {path} ended with an exception, which came no further than the "
            "middleware. `finally` lets it go on."
        )


# - However requests end, `in_progress` says how many have not ended yet.
@pytest.mark.parametrize("end", ["answer", "raise", "leave"])
async def test_in_progress(metrics: "Metrics", end: str) -> None:
    """`in_progress` counts those that are answered, and is 0 when all have ended."""
    from waybill.metrics import MetricsMiddleware

    may_end = asyncio.Event()

    async def slow(_scope: "Scope", _receive: "Receive", send: "Send") -> None:
        await may_end.wait()
        if end == "raise":
            raise RuntimeError("no answer")
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"7"})

    async def nothing(*_: object) -> Any:  # noqa: ANN401
        return {"type": "http.request"}

    layer = MetricsMiddleware(slow, metrics)
    scope: dict[str, Any] = {"type": "http", "method": "GET", "path": "/slow"}
    tasks = [asyncio.ensure_future(layer({**scope}, nothing, nothing)) for _ in "abc"]
    await asyncio.sleep(0)
    before = in_progress(metrics)
    if end == "leave":
        for task in tasks:
            task.cancel()
    may_end.set()
    await asyncio.gather(*tasks, return_exceptions=True)
    how = {
        "answer": "an answer",
        "raise": "an exception",
        "leave": "a client that left",
    }
    assert (before, in_progress(metrics)) == (3, 0), (
        "Three requests came at once, and `in_progress` should be 3 while they are "
        f"answered and 0 afterwards. They ended with {how[end]}, and it was {before}, "
        f"then {in_progress(metrics)}. What stands below `finally` always runs."
    )


# - Each request is counted once, by its method, its route and the class of its status:
async def test_sockets_pass(metrics: "Metrics") -> None:
    """WebSockets and the lifespan pass as they are, and aren't counted."""
    from waybill.metrics import MetricsMiddleware

    met: list[object] = []

    async def inside(scope: "Scope", receive: "Receive", send: "Send") -> None:
        met.append((scope, receive, send))

    async def receive() -> "Message":
        return {"type": "websocket.connect"}

    async def send(_message: "Message") -> None: ...

    for kind in ("websocket", "lifespan"):
        scope = {"type": kind, "path": "/live"}
        await MetricsMiddleware(inside, metrics)(scope, receive, send)
        assert met.pop() == (scope, receive, send), f"A {kind} was changed on its way."
    assert not counts(metrics), f"A WebSocket was counted: {counts(metrics)}."
