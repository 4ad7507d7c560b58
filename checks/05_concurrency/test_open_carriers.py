"""Checks of concurrency.open_carriers: one client for an app, opened and closed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractContextManager, asynccontextmanager
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fastapi import FastAPI

if TYPE_CHECKING:
    from waybill.carriers import Question

Patiently = Callable[[], AbstractContextManager[Any]]
Turns = Callable[..., Awaitable[None]]

NAME = "Lowland Freight"
REPLY = {"price": "6.55", "days": 2}
AT_ONCE = 30  # questions at the same time
MOST = 20  # connections that may be open


class Network:
    """What stands for the network: who sent what, and which connections were closed."""

    def __init__(self) -> None:
        self.sent: list[httpx.Request] = []
        self.senders: list[httpx.AsyncHTTPTransport] = []
        self.closed: list[httpx.AsyncHTTPTransport] = []
        self.response = httpx.Response(200, json=REPLY)


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Network:
    """A network that sends nothing, and replies to all."""
    network = Network()

    async def handle(
        self: httpx.AsyncHTTPTransport, request: httpx.Request
    ) -> httpx.Response:
        network.sent.append(request)
        network.senders.append(self)
        given = network.response
        return httpx.Response(
            given.status_code,
            headers={"Location": given.headers.get("location", "")},
            stream=httpx.ByteStream(given.content),
        )

    async def close(self: httpx.AsyncHTTPTransport, *_: object) -> None:
        network.closed.append(self)

    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", handle)
    for name in ("aclose", "__aexit__"):
        monkeypatch.setattr(httpx.AsyncHTTPTransport, name, close)
    return network


@asynccontextmanager
async def opened(app: FastAPI | None = None) -> AsyncIterator[FastAPI]:
    """An app that is open."""
    from waybill.app import open_carriers

    app = app or FastAPI()
    async with open_carriers(app):
        assert hasattr(app.state, "ask"), (
            "The app is open, and `app.state.ask` isn't there. Set it before the yield."
        )
        yield app


async def ask(
    app: FastAPI, question: "Question", url: str = "http://lowland.example/"
) -> Any:  # noqa: ANN401
    """Ask a carrier as a route does."""
    from waybill.carriers import Carrier

    try:
        return await app.state.ask(Carrier(NAME, url), question)
    except RuntimeError as error:
        raise AssertionError(
            f"The app is open, and asking comes to: {error} Open a new client each "
            "time the app starts, in an `async with` around the `yield`."
        ) from None


# - While the app is open, `await app.state.ask(carrier, question)` is `ask_carrier`
# with the app's one client, however many requests there are.
async def test_it_asks_as_ask_carrier_does(
    question: "Question", network: Network
) -> None:
    """`app.state.ask` sends the question, and returns a quote or a CarrierError."""
    from waybill.carriers import BusyError, Quote

    async with opened() as app:
        quote = await ask(app, question, "http://lowland.example/q?key=k3y")
        assert quote == Quote(carrier=NAME, price="6.55", days=2), (
            f"A carrier replied {REPLY}, and `app.state.ask` returned {quote!r}."
        )
        assert dict(network.sent[0].url.params).keys() == {"key", "country", "weight_g"}
        network.response = httpx.Response(503)
        with pytest.raises(BusyError):
            await ask(app, question)


async def test_one_client_for_all(question: "Question", network: Network) -> None:
    """However many questions there are, one client asks them."""
    async with opened() as app:
        await ask(app, question)
        await asyncio.gather(*(ask(app, question) for _ in range(4)))
        await ask(app, question, "http://night.example/")
        used = len({id(one) for one in network.senders})
        assert used == 1, (
            f"Six questions were asked by {used} clients. Open one before the "
            "`yield`, and fill it into `ask_carrier` with `partial`."
        )
        assert not network.closed, "The app is open, and its client is closed already."


# - When the app closes, so does the client, even if serving ended in an exception. Each
# app has a client of its own.
@pytest.mark.parametrize("error", [None, RuntimeError, asyncio.CancelledError])
async def test_it_is_closed_with_the_app(
    question: "Question", network: Network, error: type[BaseException] | None
) -> None:
    """The client is closed with the app, even after an exception, which passes on."""
    raised: BaseException | None = None
    try:
        async with opened() as app:
            await ask(app, question)
            if error:
                raise error
    except BaseException as heard:  # noqa: BLE001 - what it is, is the question
        raised = heard
    assert type(raised) is (error or type(None)), (
        f"Serving ended in {error}, and outside arrived {raised!r}."
    )
    how, advice = "as it should", "Open it in an `async with` around the `yield`."
    if error:
        how = f"after {error.__name__}"
        advice = "The exception arrives at the `yield`: put that inside `async with`."
    assert {*network.senders} <= {*network.closed}, (
        f"The app stopped {how}, and its client is still open. {advice}"
    )


async def test_each_app_has_its_own(question: "Question", network: Network) -> None:
    """Each app, and each start of it, has a client of its own."""
    async with opened() as one:
        async with opened() as other:
            await ask(one, question)
            await ask(other, question)
        first, second = network.senders
        assert first is not second, (
            "Two apps were open, and one client asked for both. Make it inside "
            "`open_carriers`, and let the `ask` of each app hold its own: what stands "
            "at the top of a module belongs to nobody."
        )
        assert first not in network.closed, (
            "Two apps were open, one was closed, and the client of the other with it."
        )
        await ask(one, question)
    async with opened(one):  # a server may start the same app once more
        await ask(one, question)
        assert network.senders[-1] not in network.closed, (
            "An app was closed and started again, and asks with the client from before."
        )


# - The client has at most 20 connections. It connects within a second, and waits for a
# free connection for a second.
async def test_connections_have_a_limit(
    question: "Question", patiently: Patiently, some_turns: Turns
) -> None:
    """Of thirty questions at a time, twenty get a connection, and the others wait."""
    open_now: set[asyncio.StreamWriter] = set()
    most, go = [0], asyncio.Event()

    async def carrier(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        open_now.add(writer)
        most.append(max(most[-1], len(open_now)))
        try:
            while await reader.readline():
                while (await reader.readline()).strip():
                    pass
                await go.wait()
                writer.write(
                    b'HTTP/1.1 200 OK\r\nContent-Length: 27\r\n\r\n{"price":"6.55",'
                    b' "days": 2 }'
                )
        except ConnectionError:
            pass
        finally:
            open_now.discard(writer)
            writer.close()

    server = await asyncio.start_server(carrier, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with opened() as app:
        asking = [
            asyncio.ensure_future(ask(app, question, f"http://127.0.0.1:{port}/"))
            for _ in range(AT_ONCE)
        ]
        with patiently():
            while len(open_now) < MOST and not all(one.done() for one in asking):  # noqa: ASYNC110
                await asyncio.sleep(0)
            await some_turns(500)
        seen = most[-1]
        go.set()
        await asyncio.gather(*asking, return_exceptions=True)
    server.close()
    assert seen == MOST, (
        f"{AT_ONCE} questions were asked at the same time, and {seen} connections were "
        f"open; {MOST} should be. `limits=httpx.Limits(max_connections=…)` counts them."
    )


@pytest.mark.parametrize("step", ["connect", "pool"])
async def test_two_steps_are_short(
    question: "Question", network: Network, step: str
) -> None:
    """To connect, and to wait for a free connection, takes a second at most."""
    async with opened() as app:
        await ask(app, question)
    seconds = network.sent[0].extensions["timeout"][step]
    what = {"connect": "connecting", "pool": "waiting for a free connection"}[step]
    assert seconds == 1, (
        f"For {what} the client allows {seconds} seconds, and 1 was asked for. "
        f"`httpx.Timeout(PATIENCE, …)` takes `{step}=` beside it."
    )


# - It follows no redirect: a carrier could send Waybill to an address inside your
# network.
async def test_redirects_lead_nowhere(question: "Question", network: Network) -> None:
    """A redirect is not followed, wherever it leads."""
    from waybill.carriers import CarrierError

    where = "http://169.254.169.254/latest/meta-data/"
    network.response = httpx.Response(302, headers={"Location": where})
    async with opened() as app:
        with pytest.raises(CarrierError):
            await ask(app, question)
    hosts = [one.url.host for one in network.sent]
    assert hosts == ["lowland.example"], (
        f"A carrier answered with a redirect to {where}, and Waybill went along: it "
        f"asked {hosts}. Leave `follow_redirects` out."
    )


# - It uses its machine's proxy, if there is one: leave `trust_env` out.
async def test_a_proxy_is_used(
    question: "Question", network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It asks through the proxy of its machine, if there is one."""
    monkeypatch.setenv("http_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", "")
    begin, proxies = httpx.AsyncHTTPTransport.__init__, []

    def note(self: httpx.AsyncHTTPTransport, *given: Any, **options: Any) -> None:  # noqa: ANN401
        begin(self, *given, **options)
        if options.get("proxy"):
            proxies.append(self)

    monkeypatch.setattr(httpx.AsyncHTTPTransport, "__init__", note)
    async with opened() as app:
        await ask(app, question)
    assert network.senders[0] in proxies, (
        "This machine reaches others through a proxy (the variable http_proxy), and "
        "a carrier was asked past it. Leave `trust_env` and `proxy` out."
    )


# - `resources` contains `open_carriers`, so each Waybill opens it.
def test_each_waybill_opens_it() -> None:
    """`resources` contains `open_carriers`, once."""
    from waybill.app import open_carriers, resources

    found = resources.count(open_carriers)
    assert found == 1, (
        f"`resources` contains `open_carriers` {found} times; once is right."
    )
