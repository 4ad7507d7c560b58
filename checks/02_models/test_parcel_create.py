"""Checks of models.parcel_create: a body inside a body, and nothing unasked."""

from collections.abc import AsyncIterator, Callable
from decimal import Decimal
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from pydantic import ValidationError

BERLIN = {
    "name": "Lena Vogt",
    "street": "Torstraße 12",
    "city": "Berlin",
    "postcode": "10119",
    "country": "DE",
}
PARCEL = {"to": BERLIN, "weight_g": 750, "value": "19.90"}


@pytest.fixture
def received() -> list[Any]:
    """What the endpoint was called with."""
    return []


@pytest.fixture
async def client(
    connect: Callable[[FastAPI], httpx.AsyncClient], received: list[Any]
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an app with one endpoint, which takes a `ParcelCreate`."""
    from waybill.schemas import ParcelCreate

    app = FastAPI()

    @app.post("/parcels", status_code=201)
    async def create(parcel: ParcelCreate) -> None:
        received.append(parcel)

    async with connect(app) as client:
        yield client


def places(response: httpx.Response) -> list[str]:
    """Return where a 422 sees mistakes: ["to.country"]."""
    assert response.status_code == 422, (
        f"This body has a mistake in it, and was answered "
        f"{response.status_code} instead of 422: {response.request.content.decode()}"
    )
    return [".".join(map(str, one["loc"][1:])) for one in response.json()["detail"]]


# - `to` is an `Address`, `weight_g` is `Grams`, `value` is `Euros`, and all three are


async def test_a_parcel_is_accepted(
    client: httpx.AsyncClient, received: list[Any]
) -> None:
    """A parcel has an address, a weight and a value; all three are required."""
    from waybill.schemas import Address

    response = await client.post("/parcels", json=PARCEL)
    assert response.status_code == 201, (
        f"A fine parcel was answered {response.status_code}: {response.text}"
    )
    parcel = received[0]
    assert isinstance(parcel.to, Address), (
        f"`to` reached the endpoint as a {type(parcel.to).__name__}, so nobody "
        f"looked inside. Give the field the type Address."
    )
    assert parcel.to.city == "Berlin", f"The city became {parcel.to.city!r}."
    assert parcel.weight_g == 750, f"`weight_g` 750 became {parcel.weight_g!r}."
    for field in PARCEL:
        without = {name: sent for name, sent in PARCEL.items() if name != field}
        response = await client.post("/parcels", json=without)
        assert response.status_code == 422, (
            f"A parcel without `{field}` was answered {response.status_code}. A field "
            f"is required as long as it has no default."
        )
        assert places(response) == [field], (
            f"`{field}` was left out; the 422 complains about {places(response)}."
        )


# - A mistake inside the address is answered 422, and its `loc` leads there,


async def test_mistakes_in_the_address_are_named(client: httpx.AsyncClient) -> None:
    """A mistake inside the address is answered 422 and named: `to.country`."""
    response = await client.post(
        "/parcels", json=PARCEL | {"to": BERLIN | {"country": "Germany"}}
    )
    assert places(response) == ["to.country"], (
        f"The country was wrong; the 422 complains about {places(response)}. "
        f"A nested model reports its own fields."
    )
    for to in ("Berlin", None):
        response = await client.post("/parcels", json=PARCEL | {"to": to})
        assert places(response) == ["to"], (
            f"`to` was {to!r} instead of an address; the 422 complains about "
            f"{places(response)}."
        )


# - `Grams` is an `int` from 1 to 30 000.


async def test_weight_is_one_gram_to_thirty_kilos(
    client: httpx.AsyncClient, received: list[Any]
) -> None:
    """The weight is a whole number of grams from 1 to 30 000."""
    for weight in (1, 2_500, 30_000):
        response = await client.post("/parcels", json=PARCEL | {"weight_g": weight})
        assert response.status_code == 201, (
            f"{weight} g was refused. 1 and 30 000 belong to what is allowed."
        )
        kept = received[-1].weight_g
        assert type(kept) is int, (
            f"{weight} g reached the endpoint as {kept!r}, a {type(kept).__name__}. "
            f"Grams are whole: build the type on int."
        )
    for weight in (0, -750, 30_001, 2**31, 0.5, 750.5, "heavy", None):
        response = await client.post("/parcels", json=PARCEL | {"weight_g": weight})
        assert response.status_code == 422, (
            f"The weight {weight} was accepted. Allowed are whole grams, 1 to 30 000: "
            f"Annotated[int, Field(…)] can say that."
        )
        assert places(response) == ["weight_g"], (
            f"The weight was wrong; the 422 complains about {places(response)}."
        )


# - `Euros` is a `Decimal` from 0 to 10 000 with at most two decimal places.


async def test_value_is_exact_to_the_cent(
    client: httpx.AsyncClient, received: list[Any]
) -> None:
    """The value is an exact Decimal from 0 to 10 000 with at most two places."""
    for value, wanted in {
        "19.90": "19.90",
        4.35: "4.35",
        0: "0",
        "0.01": "0.01",
        10_000: "10000",
    }.items():
        received.clear()
        response = await client.post("/parcels", json=PARCEL | {"value": value})
        assert response.status_code == 201, (
            f"The value {value!r} was refused. 0 to 10 000 are allowed, and JSON may "
            f"bring them as a number or as text."
        )
        kept = received[0].value
        assert kept == Decimal(wanted), (
            f"The value {value!r} was kept as {kept!r}. A float can't hold every "
            f"cent; decimal.Decimal can."
        )
        assert isinstance(kept, Decimal), (
            f"The value {value!r} was kept as a {type(kept).__name__}. "
            f"Money is added up exactly: use decimal.Decimal."
        )
    for value in (
        "19.999",
        0.001,
        -0.01,
        "10000.01",
        "1e9",
        "NaN",
        "Infinity",
        "a lot",
        None,
    ):
        response = await client.post("/parcels", json=PARCEL | {"value": value})
        advice = (
            "Allow no None in its type."
            if value is None
            else "0 to 10 000 with at most two places are allowed; what has more is "
            "refused, not rounded."
        )
        assert response.status_code == 422, (
            f"The value {value!r} was accepted. {advice}"
        )
        assert places(response) == ["value"], (
            f"The value was wrong; the 422 complains about {places(response)}."
        )


# - A field that `ParcelCreate` doesn't name is refused.


@pytest.mark.parametrize(
    "smuggled", [{"owner_id": 7}, {"tracking_code": "WB1"}, {"weigth_g": 800}]
)
async def test_unknown_fields_are_refused(
    client: httpx.AsyncClient, smuggled: dict[str, object]
) -> None:
    """A field that the model does not name is refused, not dropped."""
    response = await client.post("/parcels", json=PARCEL | smuggled)
    assert response.status_code == 422, (
        f"{smuggled} was sent along and the answer was {response.status_code}: the "
        f"client believes that it counts. ConfigDict(extra=…) decides about it."
    )
    assert places(response) == list(smuggled), (
        f"{smuggled} was sent along, and the 422 should name {list(smuggled)}; yours "
        f"names {[one for one in places(response) if one] or 'no field'}. "
        f"ConfigDict(extra=…) refuses each such field by its name."
    )


# - These rules stand in `RequestModel`, `Grams` and `Euros` themselves, so that other
# models can use them.


def test_the_next_models_inherit() -> None:
    """RequestModel, Grams and Euros bring their rules to every model that uses them."""
    from waybill.schemas import Euros, Grams, RequestModel

    class Insurance(RequestModel):
        up_to_g: Grams
        fee: Euros

    def accepted(body: dict[str, object]) -> bool:
        try:
            Insurance.model_validate(body)
        except ValidationError:
            return False
        return True

    fine: dict[str, object] = {"up_to_g": 30_000, "fee": "4.50"}
    assert accepted(fine), (
        f"Another model built on RequestModel, Grams and Euros refused {fine}."
    )
    for changes, why in (
        ({"fees": "4.50"}, "an unknown field. The setting belongs in RequestModel"),
        ({"up_to_g": 0}, "0 as Grams. The limits belong in Grams itself"),
        ({"up_to_g": 30_001}, "30 001 as Grams. The limits belong in Grams itself"),
        ({"fee": "4.505"}, "4.505 as Euros. The limits belong in Euros itself"),
        ({"fee": "-1"}, "-1 as Euros. The limits belong in Euros itself"),
        ({"fee": "10000.01"}, "10 000.01 as Euros. The limits belong in Euros itself"),
    ):
        assert not accepted(fine | changes), (
            f"Another model built on RequestModel, Grams and Euros accepted {why}."
        )


# - `Grams` is an `int` from 1 to 30 000.
# - `Euros` is a `Decimal` from 0 to 10 000 with at most two decimal places.


async def test_the_limits_are_independent(client: httpx.AsyncClient) -> None:
    """No rule ties the weight to the value: each has its own limits."""
    for weight, value in ((30_000, 10_000), (1, 0), (30_000, 0), (1, 10_000)):
        body = PARCEL | {"weight_g": weight, "value": value}
        response = await client.post("/parcels", json=body)
        assert response.status_code == 201, (
            f"A parcel of {weight} g worth {value} was answered "
            f"{response.status_code}. Each field keeps to its own limits, and nothing "
            f"else was asked for."
        )
