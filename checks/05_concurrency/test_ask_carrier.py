"""Checks of concurrency.ask_carrier: one question, which ends whatever comes."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractContextManager, suppress
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from waybill.carriers import Quote

Patiently = Callable[[], AbstractContextManager[Any]]
Stream = Callable[..., Any]
Ask = Any  # see `Asking` in conftest.py
Later = Callable[[float], Awaitable[None]]

NAME, URL = "Lowland Freight", "https://lowland.example/quote"
SECRET = "s3cret: account 4711 is blocked"  # noqa: S105
GOOD = {"price": "6.55", "days": 2}


# - The question goes to `address`, with GET and `headers=PLAIN`: `read_body` doesn't
# unpack, and a few packed bytes could become gigabytes.
@pytest.mark.parametrize(
    ("country", "weight_g", "url"),
    [("NL", 750, URL), ("DE", 30_000, f"{URL}?key=k3y"), ("FR", 1, "http://[::1]:81/")],
)
async def test_the_question_goes_out_once(
    ask: Ask, stream: Stream, country: str, weight_g: int, url: str
) -> None:
    """A carrier gets one GET, with the question beside what its URL has already."""
    from waybill.carriers import Question

    response = httpx.Response(200, stream=stream(json.dumps(GOOD).encode()))
    await ask(response, Question(country=country, weight_g=weight_g), url)
    sent = ask.sent
    assert [one.method for one in sent] == ["GET"], (
        f"One question should be one GET; sent were {[one.method for one in sent]}."
    )
    wanted = {**httpx.URL(url).params, "country": country, "weight_g": str(weight_g)}
    found = dict(sent[0].url.params)
    assert found == wanted, (
        f"The carrier's URL is {url}, and the query that came has {found}; it should "
        f"have {wanted}. Use `address` as it is: `params=` would replace a URL's query."
    )
    assert sent[0].url.host == httpx.URL(url).host
    asked_for = sent[0].headers["accept-encoding"]
    assert asked_for == "identity", (
        f"The request says `Accept-Encoding: {asked_for}`, so the carrier may compress "
        "its answer. Hand over `headers=PLAIN`."
    )


# - The quote has the carrier's name from the settings, and price and days from a
# `Reply`.
@pytest.mark.parametrize(
    ("price", "days", "status"), [("6.55", 2, 200), (12, 0, 200), (0.5, 60, 203)]
)
async def test_a_quote_comes_of_it(
    ask: Ask, stream: Stream, price: float | str, days: int, status: int
) -> None:
    """A quote has the carrier's name, and the reply's price and days."""
    from waybill.carriers import Quote

    body = {"price": price, "days": days, "carrier": SECRET}
    sent = stream(json.dumps(body).encode())
    quote = await ask(httpx.Response(status, stream=sent))
    wanted = {"carrier": NAME, "price": Decimal(str(price)), "days": days}
    found = quote.model_dump() if isinstance(quote, Quote) else quote
    advice = "Take price and days from a `Reply`, as they are."
    if getattr(quote, "carrier", NAME) != NAME:
        advice = "A name that the carrier sends is a stranger's text."
    assert repr(found) == repr(wanted), (
        f"{NAME} replied {body}, and `ask_carrier` returned {quote!r} instead of a "
        f"Quote with {wanted!r}. {advice}"
    )


# - From the question to the last byte, it takes `PATIENCE` seconds at most.
@pytest.mark.parametrize(
    ("said", "before", "parts"),
    [
        ("A carrier sent a byte now and then", 0, [100] * 12),
        ("A carrier took a while for the headers, and again for the body", 600, [600]),
    ],
)
async def test_a_deadline_for_all_of_it(
    ask: Ask,
    later: Later,
    monkeypatch: pytest.MonkeyPatch,
    said: str,
    before: float,
    parts: list[float],
) -> None:
    """However an answer is spread, the whole of it has `PATIENCE` seconds."""
    from waybill import carriers

    monkeypatch.setattr(carriers, "PATIENCE", 1000.0)

    async def body() -> AsyncIterator[bytes]:
        for seconds in parts:
            await later(seconds)
            yield b" "
        yield json.dumps(GOOD).encode()

    async def answer() -> httpx.Response:
        await later(before)
        return httpx.Response(200, content=body())

    quote: Quote | None = None
    with suppress(Exception):  # which one, is the next question
        quote = await ask(answer)
    assert quote is None, (
        f"{said}, 1.2 times `PATIENCE` seconds in all, and {quote!r} came of it. HTTPX "
        "limits each step, and none took long here: open one deadline, "
        "`asyncio.timeout(PATIENCE)`, around the request and its body."
    )


@pytest.mark.parametrize("missing", ["headers", "body", "end"])
async def test_what_never_comes_is_late(
    ask: Ask,
    stream: Stream,
    patiently: Patiently,
    monkeypatch: pytest.MonkeyPatch,
    missing: str,
) -> None:
    """Whatever does not come, after `PATIENCE` seconds a LateError does."""
    from waybill import carriers

    monkeypatch.setattr(carriers, "PATIENCE", 0.05)
    start = json.dumps(GOOD).encode()
    body = stream(*([start[:9]] if missing == "end" else []), stops=True)

    async def answer() -> httpx.Response:
        if missing == "headers":
            await asyncio.Event().wait()
        return httpx.Response(200, stream=body)

    raised: BaseException | None = None
    with patiently() as patience:
        try:
            await ask(answer)
        except Exception as error:  # noqa: BLE001 - which one, is the question
            raised = error
    assert not patience.cancelled_caught, (
        f"The {missing} of an answer never came, and `ask_carrier` waited longer "
        "than `PATIENCE`. Open `asyncio.timeout(PATIENCE)` around all that may wait."
    )
    assert type(raised) is carriers.LateError, (
        f"The {missing} of an answer never came, and `ask_carrier` raised {raised!r}. "
        "A `TimeoutError` is caught outside of the block with the deadline, and "
        "`failure` makes a LateError of it."
    )
    assert missing == "headers" or body.closed, (
        "The deadline passed, and the response was never closed: its connection is "
        "lost to others. `async with client.stream(…)` closes it."
    )


# - A body is streamed, and read by `read_body`, which stops after `LARGEST_REPLY`
# bytes.
async def test_a_large_body_is_left_alone(
    ask: Ask, stream: Stream, patiently: Patiently
) -> None:
    """Of a body without an end no more is read than allowed, and it is closed."""
    from waybill.carriers import LARGEST_REPLY, CarrierError

    body = stream(json.dumps(GOOD).encode(), endless=True)
    with patiently(), suppress(CarrierError):  # cut off, or its beginning may do
        await ask(httpx.Response(200, stream=body))
    assert body.taken <= LARGEST_REPLY + 2_000, (
        f"A body went on and on, and {body.taken} bytes of it were read. `client.get` "
        "reads all; `client.stream` hands over the response first, and `read_body` "
        f"stops after {LARGEST_REPLY}."
    )
    assert body.closed, (
        "A body was too long, and its response was never closed. `async with "
        "client.stream(…)` closes it."
    )


async def test_nothing_is_unpacked(ask: Ask, stream: Stream) -> None:
    """A body that came compressed all the same is not unpacked."""
    from waybill.carriers import CarrierError

    packed = gzip.compress(json.dumps(GOOD).encode())
    headers = {"Content-Encoding": "gzip"}
    try:
        quote = await ask(httpx.Response(200, headers=headers, stream=stream(packed)))
    except (CarrierError, ValueError):
        return
    raise AssertionError(
        f"A carrier sent a compressed body, unasked, and {quote!r} came of it. A body "
        "of 10 kB may unpack to 10 MB; `read_body` reads what was sent, as it is."
    )


# - A missed deadline, a status that isn't 2xx, a body that is no `Reply`, and any
# `httpx.HTTPError` are raised as what `failure(carrier, error)` returns. Its text is
# the carrier's name and no more.
REFUSED = [
    *((status, json.dumps(GOOD)) for status in (304, 307, 400, 404, 499)),
    *((200, text) for text in ("", f"<h1>{SECRET}</h1>", "[]", "6.55", '"\ud83d')),
    *((200, json.dumps(GOOD | {"price": price})) for price in (-1, 10_001, SECRET)),
    *((200, json.dumps(GOOD | {"price": price})) for price in ("NaN", 6.555, None)),
    *((200, json.dumps(GOOD | {"days": days})) for days in (-1, 61, 1.5, None, SECRET)),
    *((200, json.dumps({key: GOOD[key]})) for key in GOOD),
    (200, "[" * 300 + "]" * 300),
]
BUSY = [(status, json.dumps(GOOD)) for status in (429, 500, 503, 599)]


@pytest.mark.parametrize(
    ("status", "text", "kind"),
    [
        *((*one, "CarrierError") for one in REFUSED),
        *((*one, "BusyError") for one in BUSY),
    ],
)
async def test_a_bad_answer_is_a_failure(
    ask: Ask, stream: Stream, status: int, text: str, kind: str
) -> None:
    """A redirect, any other status but a 2xx, and what is no reply are failures."""
    sent = text.encode("utf-8", "surrogatepass")
    headers = {"Location": "http://169.254.169.254/"}
    response = httpx.Response(status, headers=headers, stream=stream(sent))
    said = f"A carrier answered {status} with {text[:60]!r}"
    await ask.in_vain(response, kind, said)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (httpx.ConnectError(SECRET), "BusyError"),
        (httpx.RemoteProtocolError(SECRET), "BusyError"),
        (httpx.ReadError(SECRET), "BusyError"),
        (httpx.ReadTimeout(SECRET), "LateError"),
        (httpx.PoolTimeout(SECRET), "LateError"),
        (httpx.ConnectTimeout(SECRET), "LateError"),
        (httpx.DecodingError(SECRET), "CarrierError"),
    ],
)
async def test_an_error_on_the_way_is_a_failure(
    ask: Ask, error: httpx.HTTPError, kind: str
) -> None:
    """Any `httpx.HTTPError` on the way is a failure."""
    said = f"On the way to a carrier came httpx.{type(error).__name__}"
    await ask.in_vain(error, kind, said)


# - Every other exception passes on as it is, and so does being cancelled.
@pytest.mark.parametrize("kind", [RuntimeError, ValueError, KeyError, OSError])
async def test_a_mistake_of_ours_passes_on(ask: Ask, kind: type[Exception]) -> None:
    """An exception that no carrier causes passes on as it is."""
    raised: BaseException | None = None
    try:
        await ask(kind("a slip in Waybill"))
    except Exception as error:  # noqa: BLE001 - which one, is the question
        raised = error
    assert type(raised) is kind, (
        f"A slip in Waybill raised {kind.__name__}, and what left `ask_carrier` is "
        f"{raised!r}. Who catches more than TimeoutError, httpx.HTTPError and "
        "ValidationError hides slips behind a carrier's name."
    )


async def test_being_cancelled_passes_on(
    ask: Ask, stream: Stream, some_turns: Callable[..., Awaitable[None]]
) -> None:
    """A question that is cancelled ends as cancelled, and its response is closed."""
    body = stream(stops=True)
    task = asyncio.ensure_future(ask(httpx.Response(200, stream=body)))
    await some_turns()
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled(), (
        f"A question was cancelled while it read, and ended with {task.exception()!r}. "
        "CancelledError is no Exception; leave it alone."
    )
    assert body.closed, "A question was cancelled, and its response was never closed."
