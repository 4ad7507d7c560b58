"""Checks of concurrency.quotes: what a sender reads when a part is missing."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fastapi import FastAPI

if TYPE_CHECKING:
    from waybill.carriers import Carrier, Question, Quote

Connect = Callable[..., httpx.AsyncClient]
Patiently = Callable[[], AbstractContextManager[Any]]

PATH = "/quotes?country=NL&weight_g=750"
SECRET = "s3cret: account 4711 is blocked"  # noqa: S105
URL = "https://carrier.example/?key=s3same"
LATE, BUSY, FAILED = "LateError", "BusyError", "CarrierError"


class Desk:
    """An app with the route, and carriers whose outcomes a check sets."""

    def __init__(self, outcomes: Mapping[str, str]) -> None:
        from waybill.carriers import CarrierSettings, carrier_settings
        from waybill.quotes import router

        self.outcomes = outcomes
        self.asked: list[tuple[Carrier, Question]] = []
        self.app = FastAPI()
        self.app.include_router(router)
        urls: dict[str, Any] = dict.fromkeys(outcomes, URL)
        settings = CarrierSettings(carriers=urls)
        self.app.dependency_overrides[carrier_settings] = lambda: settings
        self.app.state.ask = self.ask

    async def ask(self, carrier: "Carrier", question: "Question") -> "Quote":
        """Answer with a price, raise an error by its name, or never answer."""
        from waybill import carriers

        self.asked.append((carrier, question))
        outcome = self.outcomes[carrier.name]
        if outcome == "never":
            await asyncio.Event().wait()
        if outcome.endswith("Error"):
            raise getattr(carriers, outcome)(SECRET)
        return carriers.Quote(carrier=carrier.name, price=Decimal(outcome), days=2)


@pytest.fixture
def get(connect: Connect) -> Callable[..., Awaitable[httpx.Response]]:
    """Return a function that asks a desk for quotes."""

    async def get(desk: Desk, path: str = PATH) -> httpx.Response:
        async with connect(desk.app) as client:
            return await client.get(path)

    return get


Get = Callable[..., Awaitable[httpx.Response]]


# - `GET /quotes` asks all carriers of the settings what the parcel in the query costs,
# with the app's own `ask`, within `DEADLINE` seconds.
@pytest.mark.parametrize(
    ("country", "weight_g", "names"),
    [("NL", 750, ("Night", "Low")), ("DE", 1, ("C", "A", "B")), ("PL", 30_000, ("X",))],
)
async def test_all_are_asked(
    get: Get, country: str, weight_g: int, names: tuple[str, ...]
) -> None:
    """Each carrier is asked once, what the parcel in the query costs."""
    from waybill.carriers import Carrier, Question

    one, other = Desk(dict.fromkeys(names, "6.55")), Desk({"Stranger": "1.00"})
    response = await get(one, f"/quotes?country={country}&weight_g={weight_g}")
    await get(other)
    assert response.status_code == 200, f"Answered was {response.text}."
    asked = sorted(carrier for carrier, _ in one.asked)
    assert asked == [Carrier(name, URL) for name in sorted(names)], (
        f"The settings have the carriers {sorted(names)}, and asked were {asked}. "
        "`settings.by_name()` returns all of them."
    )
    wanted = Question(country=country, weight_g=weight_g)
    assert all(question == wanted for _, question in one.asked), (
        f"The query had {country} and {weight_g} g. Carriers were asked: {one.asked}."
    )


async def test_it_keeps_to_its_deadline(
    get: Get, patiently: Patiently, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After `DEADLINE` seconds the answer is sent, with what has come."""
    from waybill import quotes

    monkeypatch.setattr(quotes, "DEADLINE", 0.05)
    response: httpx.Response | None = None
    with patiently():
        response = await get(Desk({"Low": "6.55", "Night": "never"}))
    assert response, (
        "DEADLINE was set to 0.05, Night never answered, and the sender waits on and "
        "on. `DEADLINE` is the last argument of `ask_all`."
    )
    assert response.json().get("missing") == {"Night": "late"}, (
        f"Low gave a quote, and Night missed the deadline; answered was {response.text}"
    )


# - If at least one quote came, the answer is 200 with the quotes and who is missing.
@pytest.mark.parametrize(
    ("outcomes", "missing"),
    [
        ({"Low": "6.55", "Night": "5.10"}, {}),
        ({"Low": "6.55", "Night": LATE}, {"Night": "late"}),
        (
            {"Low": LATE, "Night": FAILED, "C": "7.00"},
            {"Low": "late", "Night": "failed"},
        ),
        ({"Low": BUSY, "Night": "0"}, {"Low": "failed"}),
    ],
)
async def test_a_part_is_an_answer(
    get: Get, outcomes: dict[str, str], missing: dict[str, str]
) -> None:
    """One quote is enough for a 200, which says who is missing."""
    response = await get(Desk(outcomes))
    assert response.status_code == 200, (
        f"Carriers came to {outcomes}. Answered was {response.status_code}: "
        f"{response.text}; a quote is a quote, so 200 was expected."
    )
    prices = {name: text for name, text in outcomes.items() if text[0].isdigit()}
    body = response.json()
    found = {one["carrier"]: one["price"] for one in body["quotes"]}
    assert found == prices, f"Carriers came to {outcomes}; answered was {body}."
    assert body["missing"] == missing, f"Carriers came to {outcomes}; answered: {body}."
    assert "s3" not in response.text, f"A secret is in the answer: {response.text}"


# - If none came, it is 504 when every carrier was late, and 502 in any other case: also
# when there is no carrier to ask, as then nobody was late.
@pytest.mark.parametrize(
    ("outcomes", "status"),
    [
        ({"Low": LATE}, 504),
        ({"Low": LATE, "Night": LATE}, 504),
        ({"Low": LATE, "Night": FAILED}, 502),
        ({"Low": FAILED, "Night": LATE}, 502),
        ({"Low": BUSY, "Night": FAILED}, 502),
        ({"Low": BUSY}, 502),
        ({}, 502),
    ],
)
async def test_nothing_is_a_502_or_a_504(
    get: Get, outcomes: dict[str, str], status: int
) -> None:
    """Without a quote it is 504 if every carrier was late, and 502 otherwise."""
    response = await get(Desk(outcomes))
    advice = "" if outcomes else " Nobody was late: `all(…)` of nothing is true."
    assert response.status_code == status, (
        f"Carriers came to {outcomes or 'nothing: there are none'}. Answered was "
        f"{response.status_code}: {response.text}; {status} was expected.{advice}"
    )


# - A 502 or 504 says nothing about single carriers.
@pytest.mark.parametrize("kind", [LATE, FAILED])
async def test_a_refusal_names_nobody(get: Get, kind: str) -> None:
    """A 502 or 504 has a text, which names no carrier and repeats nothing of theirs."""
    response = await get(Desk({"Lowland": kind, "Night": kind}))
    detail = response.json().get("detail")
    assert isinstance(detail, str) and detail, (  # noqa: PT018
        f"A {response.status_code} should say something: {response.text}"
    )
    told = f"{response.text} {dict(response.headers)}"
    found = [word for word in ("Lowland", "Night", "s3") if word in told]
    assert not found, (
        f"The carriers came to {kind}, and a sender reads {told}. How "
        f"Waybill stands with {found[0]} is nobody's business."
    )


# - A country or a weight that no parcel can have is answered 422, and no carrier is
# asked.
@pytest.mark.parametrize(
    "query",
    [
        *("country=nl&weight_g=750", "country=NLD&weight_g=750", "weight_g=750"),
        *("country=NL&weight_g=0", "country=NL&weight_g=30001", "country=NL"),
        *("country=NL&weight_g=1.5", "country=N1&weight_g=750", ""),
    ],
)
async def test_no_parcel_no_question(connect: Connect, query: str) -> None:
    """A country or a weight out of bounds is answered 422, and nobody is asked."""
    desk = Desk({"Low": "6.55"})
    async with connect(desk.app, raise_app_exceptions=False) as client:
        response = await client.get(f"/quotes?{query}")
    assert response.status_code == 422, (
        f"GET /quotes?{query} was answered {response.status_code} instead of 422. "
        "Declare the parameters as `Country` and `Grams`: they hold a parcel's bounds, "
        "and FastAPI refuses what breaks them before your route is called."
    )
    assert not desk.asked, f"GET /quotes?{query} was refused, and carriers were asked."
