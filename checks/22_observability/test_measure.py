"""Checks of observability.measure: requests are counted, by labels that are few."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from fastapi import APIRouter, BackgroundTasks, FastAPI, HTTPException
from fastapi.responses import StreamingResponse

Clock = Any
Metrics = Any
Connect = Callable[..., httpx.AsyncClient]
MakeScope = Callable[..., dict[str, Any]]

COUNT = "waybill_requests_total"
SECONDS = "waybill_request_seconds_sum"
TIMES = "waybill_request_seconds_count"
NOW = "waybill_requests_in_progress"


@pytest.fixture
def metrics() -> Metrics:
    """Metrics of one app."""
    from waybill.metrics import Metrics

    return Metrics()


def layer(app: Any, metrics: Metrics, *clock: Clock) -> Any:  # noqa: ANN401
    """Stand the middleware around an app; without a clock it has its own."""
    from waybill.metrics import MeasureMiddleware

    return MeasureMiddleware(app, metrics, *clock)


def samples(metrics: Metrics, name: str) -> dict[tuple[str, ...], float]:
    """Return what is counted by a name: by method, route and status."""
    found: dict[tuple[str, ...], float] = {}
    for family in metrics.registry.collect():
        for sample in family.samples:
            if sample.name == name:
                order = ("method", "route", "status")
                labels = {**sample.labels}
                key = tuple(labels.pop(one) for one in order if one in labels)
                assert not labels, f"{name} has further labels: {labels}."
                found[key] = found.get(key, 0) + sample.value
    return found


@pytest.fixture
def app(clock: Clock, metrics: Metrics) -> FastAPI:
    """An app whose work takes time, by the clock of the check."""
    app, parcels = FastAPI(), APIRouter()

    @parcels.api_route("/parcels/{code}", methods=["GET", "PUT", "HEAD"])
    async def read(code: str) -> int:
        clock.now += 0.25
        return len(code)

    @app.get("/stream")
    async def stream(pieces: int = 3) -> StreamingResponse:
        async def play() -> AsyncIterator[bytes]:
            for _ in range(pieces):
                clock.now += 2
                yield b"reel "

        return StreamingResponse(play())

    @app.get("/later")
    async def later(tasks: BackgroundTasks) -> float:
        async def work() -> None:
            clock.now += 40

        clock.now += 0.125
        tasks.add_task(work)
        return samples(metrics, NOW)[()]

    @app.get("/fail/{status}")
    async def fail(status: int) -> None:
        raise HTTPException(status) if status != 500 else RuntimeError("crash")

    app.include_router(parcels, prefix="/v1")
    return app


@pytest.fixture
async def client(
    connect: Connect,
    app: FastAPI,
    metrics: Metrics,
    clock: Clock,
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of that app, with the middleware around all of it."""
    stack = layer(app, metrics, clock)
    async with connect(stack, raise_app_exceptions=False) as client:
        yield client


# - `requests` counts each request by its method, its route as it was declared, and the
# class of its status, such as `2xx`.
@pytest.mark.parametrize(
    ("method", "path", "wanted"),
    [
        ("GET", "/v1/parcels/WB-1", ("GET", "/v1/parcels/{code}", "2xx")),
        ("PUT", "/v1/parcels/WB-2", ("PUT", "/v1/parcels/{code}", "2xx")),
        ("HEAD", "/v1/parcels/WB-2", ("HEAD", "/v1/parcels/{code}", "2xx")),
        ("DELETE", "/v1/parcels/WB-2", ("DELETE", "/v1/parcels/{code}", "4xx")),
        ("GET", "/fail/404", ("GET", "/fail/{status}", "4xx")),
        ("GET", "/fail/307", ("GET", "/fail/{status}", "3xx")),
        ("GET", "/fail/503", ("GET", "/fail/{status}", "5xx")),
    ],
)
async def test_each_request_is_counted(
    client: httpx.AsyncClient,
    metrics: Metrics,
    method: str,
    path: str,
    wanted: tuple[str, ...],
) -> None:
    """Each request is counted by method, route and class of status."""
    for times in (1, 2, 3):
        await client.request(method, path)
        found = samples(metrics, COUNT)
        assert found == {wanted: times}, (
            f"{method} {path} was asked {times} times, and `requests` says {found}; "
            f"{ {wanted: times} } is wanted. `.labels(…)` chooses what `.inc()` counts."
        )


# - Whatever a client types, the number of labels is bounded: what found no route has
# the route `none`, and a method that isn't in `KNOWN` is `other`.
async def test_labels_are_bounded(client: httpx.AsyncClient, metrics: Metrics) -> None:
    """A thousand invented paths and methods make no label of their own."""
    for number in range(50):
        await client.get(f"/wp-admin/{number}?x={number}")
        await client.request(f"HACK{number}", "/nowhere")
    found = samples(metrics, COUNT)
    wanted = {("GET", "none", "4xx"): 50, ("other", "none", "4xx"): 50}
    assert found == wanted, (
        "50 paths that nobody has declared were asked, and 50 invented methods. Each "
        f"label that a client can invent is kept for ever. `requests` has {len(found)} "
        f"series; it should be {wanted}."
    )
    times = samples(metrics, TIMES)
    assert {*times} == {("GET", "none"), ("other", "none")}, (
        f"The same requests, and `seconds` has the series {[*times][:4]}."
    )


# - `seconds` observes how long it took until the last piece was sent, in seconds
@pytest.mark.parametrize(
    ("path", "route", "seconds"),
    [
        ("/v1/parcels/WB-1", "/v1/parcels/{code}", 0.25),
        ("/stream?pieces=3", "/stream", 6.0),
        ("/later", "/later", 0.125),
    ],
)
async def test_seconds_until_the_last_piece(
    client: httpx.AsyncClient, metrics: Metrics, path: str, route: str, seconds: float
) -> None:
    """`seconds` observes the seconds until the last piece, without background tasks."""
    for times in (1, 2):
        await client.get(path)
        sums = samples(metrics, SECONDS)
        wanted = {("GET", route): seconds * times}
        assert sums == wanted, (
            f"GET {path} took {seconds} s until its last piece was sent, and was asked "
            f"{times} times. The sum of `seconds` is {sums}; {wanted} is wanted."
        )
        counts = samples(metrics, TIMES)
        assert counts == {("GET", route): times}, f"`seconds` has counted {counts}."


# - `in_progress` is the number of requests that are being answered right now
async def test_in_progress(metrics: Metrics, scope: MakeScope, clock: Clock) -> None:
    """`in_progress` counts what is being answered, and comes back to 0."""
    going, go = asyncio.Barrier(4), asyncio.Event()

    async def inside(scope: Any, _receive: object, _send: object) -> None:  # noqa: ANN401
        await going.wait()
        await go.wait()
        if scope["path"] == "/crash":
            raise LookupError("crash")

    stack = layer(inside, metrics, clock)
    tasks = [
        asyncio.ensure_future(stack(scope(path=path), None, None))
        for path in ("/crash", "/one", "/two")
    ]
    await going.wait()
    found = samples(metrics, NOW)
    assert found == {(): 3}, (
        f"Three requests are being answered, and `in_progress` says {found.get(())}."
    )
    tasks[2].cancel()
    go.set()
    crash, _one, gone = await asyncio.gather(*tasks, return_exceptions=True)
    assert (type(crash), type(gone)) == (LookupError, asyncio.CancelledError), (
        f"A crash and a cancelled request ended with {crash!r} and {gone!r}. They have "
        "to go on."
    )
    found = samples(metrics, NOW)
    assert found == {(): 0}, (
        "One request crashed, one was cancelled, one was answered. Nothing goes on, "
        f"and `in_progress` says {found.get(())}. `track_inprogress()` is a block that "
        "counts down however it ends."
    )


# - A request whose answer never begins counts as `5xx`. Whatever the app raises goes
# on.
@pytest.mark.parametrize("kind", ["crash", "cancelled", "torn"])
async def test_what_breaks_is_counted(
    metrics: Metrics, scope: MakeScope, clock: Clock, kind: str
) -> None:
    """What breaks before its answer begins is 5xx; what breaks later has its status."""

    async def inside(_scope: object, _receive: object, send: Any) -> None:  # noqa: ANN401
        clock.now += 3
        if kind == "torn":
            await send({"type": "http.response.start", "status": 206, "headers": []})
        raise asyncio.CancelledError if kind == "cancelled" else LookupError("broken")

    async def client(_message: object) -> None:
        pass

    stack = layer(inside, metrics, clock)
    try:
        await stack(scope(), None, client)
    except (LookupError, asyncio.CancelledError):
        pass
    else:
        raise AssertionError("The app raised, and it was swallowed. It has to go on.")
    wanted = {("GET", "none", "2xx" if kind == "torn" else "5xx"): 1}
    found = samples(metrics, COUNT)
    assert found == wanted, (
        f"An answer ended by an exception ({kind}), and `requests` says {found}; "
        f"{wanted} is wanted. `finally` sees all of them."
    )
    assert samples(metrics, SECONDS) == {("GET", "none"): 3}, (
        f"It took 3 s, and `seconds` says {samples(metrics, SECONDS)}."
    )


# - Each message goes on as it comes, and what isn't HTTP passes uncounted.
async def test_others_pass(metrics: Metrics, scope: MakeScope, clock: Clock) -> None:
    """Each piece goes on at once; lifespan and websocket pass uncounted."""
    came: list[Any] = []

    async def inside(scope: Any, _receive: object, send: Any) -> None:  # noqa: ANN401
        if scope["type"] != "http":
            await send({"type": f"{scope['type']}.hello"})
            return
        for number in range(3):
            await send({"type": "http.response.body", "body": b"x", "more_body": True})
            assert len(came) == number + 1, (
                f"The app sent {number + 1} pieces, and {len(came)} have gone on."
            )

    async def client(message: Any) -> None:  # noqa: ANN401
        came.append(message)

    stack = layer(inside, metrics, clock)
    for other in ({"type": "lifespan"}, scope(type="websocket")):
        await stack(other, None, client)
    assert len(came) == 2, f"Two scopes that aren't HTTP came, and {came} was sent."
    found = samples(metrics, COUNT)
    assert not found, f"Nothing was asked by HTTP, and `requests` says {found}."
    came.clear()
    await stack(scope(), None, client)


# - Each app has metrics of its own: `measure` makes them, as `app.state.metrics`.
async def test_each_app_has_its_own(connect: Connect) -> None:
    """Each app has metrics of its own, and its layer counts into them."""
    from waybill.metrics import measure

    apps = []
    for _ in range(2):
        app = FastAPI()
        try:
            cls, options, named = measure(app)
        except ValueError as error:
            raise AssertionError(
                f"A second app was made in this process: ValueError: {error}. Without "
                "`registry=`, metrics are known to the whole process: give each one "
                "`registry=self.registry`."
            ) from None
        apps.append((app, cls(app, *options, **named)))
    async with connect(apps[0][1]) as client:
        await client.get("/nowhere")
    counts = [samples(app.state.metrics, COUNT) for app, _ in apps]
    assert counts == [{("GET", "none", "4xx"): 1}, {}], (
        f"Of two apps the first was asked once, and they have counted {counts}."
    )
