"""Carriers: asked at once, and what a sender reads when some don't answer."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from pydantic import HttpUrl

from waybill import carriers, quotes
from waybill.app import open_carriers, try_again
from waybill.carriers import (
    BusyError,
    Carrier,
    CarrierError,
    CarrierSettings,
    LateError,
    Question,
    Quote,
    ask_again,
    ask_all,
    ask_carrier,
    carrier_settings,
)

# needs: concurrency.notice
LOWLAND = Carrier("Lowland", "https://lowland.example/quote?key=k3y")
SETTINGS = CarrierSettings(carriers={LOWLAND.name: HttpUrl(LOWLAND.url)})


@pytest.fixture
async def desk() -> AsyncIterator[AsyncClient]:
    """A client of the carriers' routes alone."""
    app = FastAPI()
    app.include_router(carriers.router)
    app.dependency_overrides[carrier_settings] = lambda: SETTINGS
    transport = ASGITransport(app)
    async with AsyncClient(transport=transport, base_url="http://waybill") as client:
        yield client


async def test_carriers_are_named_and_their_urls_are_not(desk: AsyncClient) -> None:
    assert (await desk.get("/carriers")).json() == ["Lowland"]


async def test_a_notice_is_read_when_there_is_one(
    apart: None, desk: AsyncClient
) -> None:
    assert (await desk.get("/carriers/notice")).json() == ""
    SETTINGS.notice_file.write_text("No parcels on Friday.", encoding="utf-8")
    assert (await desk.get("/carriers/notice")).json() == "No parcels on Friday."


# needs: concurrency.notice concurrency.ask_carrier
QUESTION = Question(country="NL", weight_g=750)
QUOTE = Quote(carrier="Lowland", price=Decimal("6.55"), days=2)


class Body(httpx.AsyncByteStream):
    """A body, which ends or stops."""

    def __init__(self, text: str, *, stops: bool = False) -> None:
        self.text = text
        self.stops = stops

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield what there is."""
        yield self.text.encode()
        if self.stops:
            await asyncio.Event().wait()


async def asked(response: httpx.Response) -> Quote:
    """Ask a carrier that answers like this."""

    async def answer(request: httpx.Request) -> httpx.Response:
        query = {"key": "k3y", "country": "NL", "weight_g": "750"}
        assert dict(request.url.params) == query
        return response

    async with AsyncClient(transport=httpx.MockTransport(answer)) as client:
        return await ask_carrier(client, LOWLAND, QUESTION)


async def test_a_carrier_gives_a_quote() -> None:
    body = Body('{"price": "6.55", "days": 2, "carrier": "somebody else"}')
    assert await asked(httpx.Response(200, stream=body)) == QUOTE


@pytest.mark.parametrize(
    ("status", "text", "error"),
    [
        (200, "<h1>Soon!</h1>", CarrierError),
        (200, '{"price": "-1", "days": 2}', CarrierError),
        (302, '{"price": "6.55", "days": 2}', CarrierError),
        (503, "", BusyError),
    ],
)
async def test_a_bad_answer_is_an_error_that_repeats_nothing(
    status: int, text: str, error: type[CarrierError]
) -> None:
    headers = {"Location": "http://169.254.169.254/"}
    with pytest.raises(CarrierError) as raised:
        await asked(httpx.Response(status, headers=headers, stream=Body(text)))
    assert type(raised.value) is error
    assert str(raised.value) == "Lowland"


async def test_a_carrier_that_stops_halfway_is_late(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(carriers, "PATIENCE", 0.01)
    with pytest.raises(LateError):
        await asked(httpx.Response(200, stream=Body("{", stops=True)))


# needs: concurrency.notice concurrency.ask_carrier concurrency.ask_all
class Asked:
    """Carriers that give quotes, raise errors, or wait until they are cancelled."""

    def __init__(self, **outcomes: str | Exception | None) -> None:
        self.outcomes = outcomes
        self.waiting: set[str] = set()
        self.carriers = [Carrier(name, "https://c.example/") for name in outcomes]
        self.count = 0

    async def __call__(self, carrier: Carrier, _question: Question) -> Quote:
        """Answer for one of them."""
        self.count += 1
        outcome = self.outcomes[carrier.name]
        if outcome is None:
            self.waiting.add(carrier.name)
            try:
                await asyncio.Event().wait()
            finally:
                self.waiting.discard(carrier.name)
        if isinstance(outcome, Exception):
            raise outcome
        return Quote(carrier=carrier.name, price=Decimal(str(outcome)), days=2)


async def test_whoever_fails_or_is_late_is_missing() -> None:
    ask = Asked(dear="12.00", cheap="9.90", down=BusyError("down"), slow=None)
    answers = await ask_all(ask, ask.carriers, QUESTION, seconds=0.01)
    assert [quote.carrier for quote in answers.quotes] == ["cheap", "dear"]
    assert answers.missing == {"down": "failed", "slow": "late"}
    assert ask.waiting == set()


async def test_a_slip_of_our_own_ends_all_questions() -> None:
    ask = Asked(slow=None, slip=KeyError("a slip"))
    with pytest.raises(ExceptionGroup):
        await ask_all(ask, ask.carriers, QUESTION, seconds=3600)
    assert ask.waiting == set()


# needs: concurrency.open_carriers concurrency.ask_carrier concurrency.notice
async def test_an_app_has_one_client_which_is_closed_with_it() -> None:
    connections: list[asyncio.StreamWriter] = []

    async def carrier(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        connections.append(writer)
        body = b'{"price": "6.55", "days": 2}'
        while await reader.readline():
            while (await reader.readline()).strip():
                pass
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body))
            writer.write(body)
        writer.close()

    server = await asyncio.start_server(carrier, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    app = FastAPI()
    async with server, open_carriers(app):
        here = Carrier("Lowland", f"http://127.0.0.1:{port}/")
        for _ in range(3):
            assert await app.state.ask(here, QUESTION) == QUOTE
        assert len(connections) == 1
    with pytest.raises(RuntimeError, match="closed"):
        await app.state.ask(here, QUESTION)


# needs: concurrency.notice concurrency.ask_all concurrency.quotes
@pytest.mark.parametrize(
    ("outcomes", "status"),
    [
        ({"a": "6.55", "b": LateError("b")}, 200),
        ({"a": LateError("a"), "b": LateError("b")}, 504),
        ({"a": LateError("a"), "b": BusyError("b")}, 502),
        ({}, 502),
    ],
)
async def test_a_part_is_an_answer_and_nothing_is_an_error(
    outcomes: dict[str, str | Exception], status: int
) -> None:
    app = FastAPI()
    app.include_router(quotes.router)
    url = HttpUrl("https://c.example/")
    settings = CarrierSettings(carriers=dict.fromkeys(outcomes, url))
    app.dependency_overrides[carrier_settings] = lambda: settings
    app.state.ask = Asked(**outcomes)
    transport = ASGITransport(app)
    async with AsyncClient(transport=transport, base_url="http://waybill") as client:
        response = await client.get("/quotes?country=NL&weight_g=750")
        refused = await client.get("/quotes?country=NL&weight_g=0")
    assert response.status_code == status
    assert refused.status_code == 422
    if status == 200:
        assert response.json()["missing"] == {"b": "late"}


# needs: concurrency.notice concurrency.ask_all concurrency.ask_again
async def test_a_busy_carrier_is_asked_three_times(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(carriers, "FIRST_PAUSE", 0)
    busy, down = Asked(a=BusyError("a")), Asked(a=CarrierError("a"))
    for ask, times in ((busy, 3), (down, 1)):
        with pytest.raises(CarrierError):
            await ask_again(ask, ask.carriers[0], QUESTION)
        assert ask.count == times


# needs: concurrency.ask_again concurrency.try_again
async def test_an_app_asks_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carriers, "FIRST_PAUSE", 0)
    app, busy = FastAPI(), Asked(a=BusyError("a"))
    app.state.ask = busy
    async with try_again(app):
        with pytest.raises(BusyError):
            await app.state.ask(busy.carriers[0], QUESTION)
    assert busy.count == 3


# needs: concurrency.quotes concurrency.plan_boxes
async def test_the_cheapest_boxes_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    # The worker looks for the service from another folder than the tests began in.
    monkeypatch.syspath_prepend(str(Path(quotes.__file__).parents[1]))
    app = FastAPI()
    app.include_router(quotes.router)
    transport = ASGITransport(app)
    async with AsyncClient(transport=transport, base_url="http://waybill") as client:
        body = {"country": "NL", "weights_g": [400, 500, 29_500]}
        response = await client.post("/quotes/boxes", json=body)
        ten = await client.post("/quotes/boxes", json=body | {"weights_g": [1] * 10})
    assert response.json()["price"] == "31.95"
    assert ten.status_code == 422
