"""Checks of models.parcel_read: what leaves Waybill, and what never does."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from pydantic import ValidationError
from starlette.types import ASGIApp

BERLIN = {
    "name": "Lena Vogt",
    "street": "Torstraße 12",
    "city": "Berlin",
    "postcode": "10119",
    "country": "DE",
}
ROW = ("id", "tracking_code", "to", "weight_g", "value", "created_at")
PUBLIC = {*ROW, "heavy"}
LONG_AGO = datetime(1998, 11, 30, 23, 59, tzinfo=UTC)
KATHMANDU = timezone(timedelta(hours=5, minutes=45))


@dataclass
class Stored:
    """A parcel as a database row would hold it, with what is nobody's business."""

    id: int = 7
    tracking_code: str = "WB4K2M9"
    to: Any = None
    weight_g: int = 750
    value: Decimal = Decimal("19.90")
    created_at: datetime = datetime(2026, 3, 2, 20, 14, tzinfo=UTC)
    owner_id: int = 3
    owner_email: str = "lena@example.com"
    note: str = "customs: look inside"
    heavy: object = False

    def __post_init__(self) -> None:
        from waybill.schemas import Address

        self.to = Address.model_validate(BERLIN)

    def public(self) -> dict[str, object]:
        """Return what leaves of it in the form that it has."""
        names = ("id", "tracking_code", "weight_g")
        return {name: getattr(self, name) for name in names} | {"to": BERLIN}


Get = Callable[[object], Awaitable[httpx.Response]]


@pytest.fixture
def get(connect: Callable[[ASGIApp], httpx.AsyncClient]) -> Get:
    """Return a function that sends what an endpoint returned through `ParcelRead`."""

    async def get(returned: object) -> httpx.Response:
        from waybill.schemas import ParcelRead

        app = FastAPI()

        @app.get("/parcels/7")
        async def read() -> ParcelRead:
            return returned  # type: ignore[return-value]

        async with connect(app, raise_app_exceptions=False) as client:
            return await client.get("/parcels/7")

    return get


def mistake(row: object) -> str:
    """Return what `ParcelRead` has against a row, or nothing."""
    from waybill.schemas import ParcelRead

    try:
        ParcelRead.model_validate(row)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        return f"`{place}`: {first['msg']}" if place else str(first["msg"])
    return ""


def cure(row: object) -> str:
    """Say what to try where `ParcelRead` refuses a row."""
    return (
        "Reading attributes is a setting of ConfigDict."
        if mistake(row).startswith("Input should be a valid dictionary")
        else "Give the field the plain type that the row has: rules are for what comes "
        "in."
    )


# - `ParcelRead.model_validate(row)` reads `id`, `tracking_code`, `to`, `weight_g`,


def test_it_is_built_from_a_row() -> None:
    """A stored parcel, whatever its class, becomes a `ParcelRead` by its attributes.

    None of them may be None.
    """
    from waybill.schemas import ParcelRead

    for row in (
        Stored(id=12, tracking_code="WBX", weight_g=2_000),
        Stored(tracking_code=" wb  4k\t2m9 ", created_at=LONG_AGO),
    ):
        assert not mistake(row), (
            f"ParcelRead.model_validate(row) refused a stored parcel, with the code "
            f"{row.tracking_code!r} and of the year {row.created_at.year}: "
            f"{mistake(row)}. {cure(row)}"
        )
        parcel = ParcelRead.model_validate(row)
        for name in ROW:
            stored, kept = getattr(row, name), getattr(parcel, name, None)
            assert (type(kept), kept) == (type(stored), stored), (
                f"The row's `{name}` is {stored!r}; in ParcelRead it became {kept!r}. "
                f"Give the field the plain type that the row has: rules and spellings "
                f"are for what comes in."
            )
    for name in ROW:
        row = Stored()
        setattr(row, name, None)
        assert mistake(row), (
            f"A row's `{name}` was None, and ParcelRead took it. An error is better "
            f"than a parcel with holes: leave `| None` out of the types."
        )


# - A client gets these six, as they were stored, and `heavy`.


async def test_nothing_private_leaves(get: Get) -> None:
    """Seven fields are sent, and nothing private, whatever the endpoint returns."""
    from waybill.schemas import ParcelRead

    class Everything(ParcelRead):
        owner_id: int
        owner_email: str
        note: str

    row = asdict(Stored()) | {"to": BERLIN}
    for kind, make in (
        ("an object", lambda: Stored()),
        ("a dict", lambda: row),
        ("a subclass of ParcelRead", lambda: Everything(**row)),
    ):
        response = await get(make())
        assert response.status_code == 200, (
            f"The endpoint returned {kind} that knows more than the client may, and "
            f"the client got {response.status_code}. What leaves is picked out, not "
            f"refused: is ParcelRead built on a model that forbids extras?"
        )
        leaked = sorted(set(response.json()) - PUBLIC)
        assert not leaked, (
            f"The endpoint returned {kind}, and {leaked} left with it. "
            f"Name in ParcelRead only what the client may see."
        )
    missing = sorted(PUBLIC - set(response.json()))
    assert not missing, (
        f"The endpoint returned a parcel, and {missing} did not leave with it. "
        f"A property leaves only if Pydantic is told to send it: @computed_field "
        f"stands above @property."
    )
    row = Stored(id=12, tracking_code="WBX", weight_g=1_234)
    left = (await get(row)).json()
    for name, stored in row.public().items():
        assert left[name] == stored, (
            f"The row's `{name}` is {stored!r}, and left as {left[name]!r}. A client "
            f"gets what was stored."
        )


# - The limits on weight and value don't apply.


async def test_parcels_from_before_a_limit_still_leave(get: Get) -> None:
    """A parcel that was stored before a limit came can still be read."""
    for row in (
        Stored(weight_g=31_500),
        Stored(weight_g=0),
        Stored(value=Decimal(25_000)),
        Stored(value=Decimal("-1.50")),
        Stored(value=Decimal("19.999")),
    ):
        response = await get(row)
        assert response.status_code == 200, (
            f"A stored parcel of {row.weight_g} g worth {row.value} was answered "
            f"{response.status_code}. Limits are for what comes in; here they turn "
            f"your own data into an error. Use int and Decimal."
        )
        assert response.json()["weight_g"] == row.weight_g, (
            f"{row.weight_g} g left as {response.json()['weight_g']!r}."
        )


# - The value is sent as text, with every decimal place.


async def test_money_leaves_exact(get: Get) -> None:
    """The value is sent as text, with every decimal place."""
    for value in ("19.90", "0.07", "1234.50", "25000", "5", "19.999", "-1.50"):
        body = (await get(Stored(value=Decimal(value)))).json()
        assert body.get("value") == value, (
            f"The value {value} left as {body.get('value')!r}. A Decimal leaves as "
            f"text, as it was stored: neither you nor a client rounds it."
        )


# - A time is sent with its offset, and as the moment that was stored,


async def test_time_leaves_as_the_same_moment(get: Get) -> None:
    """A time is sent with its offset, as the same moment."""
    body = (await get(Stored())).json()
    left = datetime.fromisoformat(str(body.get("created_at")))
    assert left == Stored.created_at, (
        f"The time 20:14 UTC left as {body.get('created_at')!r}."
    )
    stored = datetime(2026, 3, 2, 20, 14, 7, 250_001, tzinfo=KATHMANDU)
    sent = str((await get(Stored(created_at=stored))).json().get("created_at"))
    assert datetime.fromisoformat(sent) == stored, (
        f"The time {stored.isoformat()} left as {sent!r}, which is another moment. "
        f"A time that has an offset keeps it, or is converted; its fractions of a "
        f"second stay."
    )
    response = await get(Stored(created_at=Stored.created_at.replace(tzinfo=None)))
    left = response.status_code == 200 and response.json()["created_at"]
    assert not left or datetime.fromisoformat(left).tzinfo, (
        f"A row's time had no offset and left as {left!r}; every client would read "
        f"its own time zone into it. Keep AwareDatetime: an error is better."
    )


# - `heavy` is true above 20 000 g.


async def test_heavy_is_worked_out(get: Get) -> None:
    """`heavy` is true above 20 000 g; it is worked out, even if the row has its own."""
    for weight, wanted in {1: False, 20_000: False, 20_001: True, 30_000: True}.items():
        for claimed in (False, True, None, "very"):
            response = await get(Stored(weight_g=weight, heavy=claimed))
            assert response.status_code == 200, (
                f"A row said heavy={claimed!r}, and the answer was "
                f"{response.status_code}. Nobody should look at what the row says: a "
                f"field is read from the row, a computed field isn't."
            )
            body = response.json()
            assert "heavy" in body, (
                "The response has no `heavy`. A property stays at home unless "
                "Pydantic is told to send it: @computed_field stands above @property."
            )
            assert body["heavy"] is wanted, (
                f"With {weight} g, and a row that says heavy={claimed}, `heavy` left "
                f"as {body['heavy']!r}. Wanted is {wanted}: above 20 000 g, and "
                f"worked out from the weight."
            )
