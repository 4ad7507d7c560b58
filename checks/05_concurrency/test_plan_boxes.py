"""Checks of concurrency.plan_boxes: computing where nobody has to wait for it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager
from functools import wraps
from typing import Any

import anyio
import anyio.to_process
import httpx
import pytest
from anyio.abc import Process
from fastapi import FastAPI

Connect = Callable[..., httpx.AsyncClient]
Patiently = Callable[[], AbstractContextManager[Any]]

NINE = [400] * 9
AT_ONCE = 12


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was computed in this process; in another one it goes on as before."""
    from waybill import quotes

    real, here = quotes.best_boxes, []

    @wraps(real)  # its name as well, by which another process finds the real one
    def noting(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401
        here.append("best_boxes")
        return real(*arguments, **options)

    monkeypatch.setattr(quotes, "best_boxes", noting)
    return here


class Workers(list[Process]):
    """The processes that AnyIO has started; `sent` says that one was sent something."""

    def __init__(self) -> None:
        super().__init__()
        self.sent = asyncio.Event()

    def listen(self, worker: Process) -> None:
        """Keep a process, and note whatever it is sent."""
        stdin: Any = worker.stdin
        send = stdin.send

        async def noting(data: bytes) -> None:
            await send(data)
            self.sent.set()

        stdin.send = noting
        self.append(worker)


@pytest.fixture
def workers(monkeypatch: pytest.MonkeyPatch) -> Workers:
    """The processes that AnyIO has started."""
    real, started = anyio.to_process.open_process, Workers()

    async def noting(*arguments: Any, **options: Any) -> Process:  # noqa: ANN401
        started.listen(await real(*arguments, **options))
        return started[-1]

    monkeypatch.setattr(anyio.to_process, "open_process", noting)
    return started


@pytest.fixture
async def client(connect: Connect) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the quotes' routes."""
    from waybill.quotes import router

    app = FastAPI()
    app.include_router(router)
    async with connect(app) as client:
        yield client


async def plan(
    client: httpx.AsyncClient, weights_g: object, country: str = "NL"
) -> httpx.Response:
    """Ask for the best boxes."""
    body = {"country": country, "weights_g": weights_g}
    return await client.post("/quotes/boxes", json=body)


# - `POST /quotes/boxes` answers the boxes with the lowest price, and that price.
# - `best_boxes` runs in another process, so that the event loop and all threads stay
# free.
async def test_it_is_computed_elsewhere(
    client: httpx.AsyncClient, here: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The boxes with the lowest price are computed in another process."""
    from waybill import quotes

    monkeypatch.setattr(quotes, "PLAN_SECONDS", 600)  # a first process takes its time
    for country, weights, boxes, price in (
        ("NL", [400, 500, 29_500], [[29_500], [400, 500]], "31.95"),
        ("DE", [1], [[1]], "5.00"),
        ("DE", [30_000, 30_000], [[30_000], [30_000]], "39.00"),
        ("DE", [15_000, 15_001], [[15_000], [15_001]], "24.50"),
        ("DE", [1_001], [[1_001]], "5.50"),
        ("NL", [400] * 9, [[400] * 9], "8.50"),
    ):
        response = await plan(client, weights, country)
        assert response.status_code == 200, (
            f"POST /quotes/boxes with {weights} was answered {response.status_code}: "
            f"{response.text}"
        )
        found = response.json()
        packed = sorted(map(sorted, found["boxes"]))
        assert (packed, found["price"]) == (sorted(boxes), price), (
            f"{weights} to {country} came to {found}. `best_boxes` was complete in the "
            "cell, and takes a rate and the weights."
        )
    assert not here, (
        "`best_boxes` ran in the process of the server. A `def`, and a thread, only "
        "look like another place: they compute by turns with the event loop. "
        "`to_process.run_sync` has it done by another process."
    )


async def test_a_mistake_is_no_lack_of_time(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mistake in computing is no lack of time: it passes on as it is."""
    from waybill import quotes

    monkeypatch.setattr(quotes, "PLAN_SECONDS", 600)
    monkeypatch.setattr(quotes, "best_boxes", divmod)  # which can't divide a rate
    try:
        response = await plan(client, [1])
    except TypeError:
        return
    raise AssertionError(
        "`best_boxes` ended in a TypeError, a mistake in Waybill, and the answer was "
        f"{response.status_code}: {response.text}. Catch TimeoutError alone."
    )


# - A plan that isn't there after `PLAN_SECONDS`, waiting included, is answered 503.
async def test_a_late_plan_is_a_503(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plan that comes too late is answered 503."""
    from waybill import quotes

    monkeypatch.setattr(quotes, "PLAN_SECONDS", 0.001)
    response = await plan(client, NINE)
    assert response.status_code == 503, (
        "PLAN_SECONDS was set to 0.001, nine things take longer, and the answer was "
        f"{response.status_code}: {response.text[:80]}; 503 was expected. Open "
        "`asyncio.timeout(PLAN_SECONDS)` around the call, and catch its TimeoutError."
    )
    assert isinstance(response.json().get("detail"), str), response.text


async def test_waiting_counts(
    client: httpx.AsyncClient,
    some_turns: Callable[..., Any],
    patiently: Patiently,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A plan that waits for others to be ready is late as they are."""
    from waybill import quotes

    real, endless = anyio.to_process.run_sync, asyncio.Event()

    async def compute(*_arguments: Any, **_options: Any) -> None:  # noqa: ANN401
        await endless.wait()

    for module in (anyio.to_process, quotes):
        for name, value in [*vars(module).items()]:
            if value is real:
                monkeypatch.setattr(module, name, compute)
    monkeypatch.setattr(quotes, "PLAN_SECONDS", 600)
    loop, now = asyncio.get_running_loop(), asyncio.get_running_loop().time
    asked = [asyncio.ensure_future(plan(client, [1])) for _ in range(AT_ONCE)]
    await some_turns()
    monkeypatch.setattr(loop, "time", lambda: now() + 600)
    with patiently():
        await asyncio.wait(asked)
    late = sum(one.done() for one in asked)
    endless.set()
    for one in asked:
        one.cancel()
    assert late == AT_ONCE, (
        f"{AT_ONCE} plans were asked for at once, and none was ready after "
        f"PLAN_SECONDS. {late} were answered, and the others wait on. Let the time "
        "begin before a plan has to wait for its turn."
    )


# - A request that is late or cancelled ends its process as well.
@pytest.mark.parametrize("how", ["late", "cancelled"])
async def test_nobody_computes_on(
    client: httpx.AsyncClient,
    workers: Workers,
    monkeypatch: pytest.MonkeyPatch,
    how: str,
) -> None:
    """A request that is late, or that is cancelled, ends its process as well."""
    from waybill import quotes

    monkeypatch.setattr(quotes, "PLAN_SECONDS", 600)
    response = await plan(client, [1])
    assert response.status_code == 200, response.text
    assert workers, "A plan was made, and no worker of AnyIO's was started for it."
    workers.sent.clear()
    loop, now = asyncio.get_running_loop(), asyncio.get_running_loop().time
    async with anyio.create_task_group() as group:
        group.start_soon(plan, client, NINE)
        await workers.sent.wait()  # a worker has the job, and computes
        if how == "late":
            monkeypatch.setattr(loop, "time", lambda: now() + 600)
        else:
            group.cancel_scope.cancel()  # Starlette cancels a request in this way
    left = [one.pid for one in workers if one.returncode is None]
    assert not left, (
        f"A request was {how}, and its process still computes what nobody waits for. "
        "`cancellable=True` lets it be ended."
    )


# - One thing or up to nine, each with a parcel's weight; anything else is answered 422.
# A country that isn't served is answered 404.
@pytest.mark.parametrize(
    ("weights_g", "country", "status"),
    [
        *(([], "NL", 422), ([400] * 10, "NL", 422), ([0], "NL", 422)),
        *(([30_001], "NL", 422), (400, "NL", 422), (["x"], "NL", 422)),
        *(([400], "nl", 422), ([400], "ZZ", 404), (NINE, "XX", 404)),
    ],
)
async def test_what_is_refused_costs_nothing(
    client: httpx.AsyncClient,
    here: list[str],
    workers: Workers,
    weights_g: object,
    country: str,
    status: int,
) -> None:
    """What is refused with 422 or 404 is computed nowhere."""
    response = await plan(client, weights_g, country)
    assert response.status_code == status, (
        f"POST /quotes/boxes with {weights_g} to {country} was answered "
        f"{response.status_code} instead of {status}. The bounds of the cell were "
        "right, and `find_rate` raises the 404."
    )
    assert not [*here, *workers], (
        f"POST /quotes/boxes with {weights_g} to {country} was refused after it had "
        "been computed. Look for the rate first."
    )


@pytest.mark.parametrize(
    "body",
    [
        *({"country": "NL"}, {"country": "NL", "weights_g": None}, None),
        *({"weights_g": [400]}, {"country": None, "weights_g": [400]}),
    ],
)
async def test_a_shipment_is_whole(client: httpx.AsyncClient, body: object) -> None:
    """A shipment without a country or without weights is answered 422."""
    response = await client.post("/quotes/boxes", json=body)
    assert response.status_code == 422, (
        f"POST /quotes/boxes with {body} was answered {response.status_code} instead "
        "of 422. `Shipment` was right as the cell came."
    )
