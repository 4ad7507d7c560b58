"""Checks of models.parcel_update: left out is not the same as null."""

from collections.abc import AsyncIterator, Callable
from decimal import Decimal
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from pydantic import TypeAdapter, ValidationError

LYON = {
    "name": "Inès Roy",
    "street": "5 rue Mercière",
    "city": "Lyon",
    "postcode": "69002",
    "country": "FR",
}


@pytest.fixture
def changes() -> list[dict[str, Any]]:
    """What the endpoint would write into the database."""
    return []


@pytest.fixture
async def client(
    connect: Callable[[FastAPI], httpx.AsyncClient], changes: list[dict[str, Any]]
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an app with one endpoint, which takes a `ParcelUpdate`."""
    from waybill.schemas import ParcelUpdate

    app = FastAPI()

    @app.patch("/parcels/7")
    async def change(patch: ParcelUpdate) -> None:
        changes.append(patch.model_dump(exclude_unset=True))

    async with connect(app) as client:
        yield client


# - `to`, `weight_g` and `value` may each be left out, and


async def test_only_what_was_sent_is_changed(
    client: httpx.AsyncClient, changes: list[dict[str, Any]]
) -> None:
    """`model_dump(exclude_unset=True)` holds what the client sent, and nothing else."""
    for sent, wanted in (
        ({"weight_g": 900}, {"weight_g": 900}),
        ({"value": "25.50"}, {"value": Decimal("25.50")}),
        ({"to": LYON}, {"to": LYON}),
        ({"value": 0, "weight_g": 1}, {"value": Decimal(0), "weight_g": 1}),
    ):
        changes.clear()
        response = await client.patch("/parcels/7", json=sent)
        assert response.status_code == 200, (
            f"The client sent {sent} and was answered {response.status_code}. "
            f"Whatever is left out of a patch stays as it is."
        )
        assert changes == [wanted], (
            f"The client sent {sent}; Waybill would write {changes[0]}. "
            f"Wanted is {wanted}."
        )


# - An empty body is accepted and changes nothing.


async def test_an_empty_patch_changes_nothing(
    client: httpx.AsyncClient, changes: list[dict[str, Any]]
) -> None:
    """An empty body is accepted and changes nothing."""
    response = await client.patch("/parcels/7", json={})
    assert response.status_code == 200, (
        f"{{}} was answered {response.status_code}. No field may be required here, and "
        f"no validator may ask for one."
    )
    assert changes == [{}], f"The client sent {{}}; Waybill would write {changes[0]}."


# - A `null` is answered 422, and the 422 names the field.


@pytest.mark.parametrize("field", ["to", "weight_g", "value"])
async def test_null_is_refused(
    client: httpx.AsyncClient, changes: list[dict[str, Any]], field: str
) -> None:
    """A `null` is answered 422, and the 422 names the field."""
    response = await client.patch("/parcels/7", json={field: None})
    outcome = f"would write {changes[0]}" if changes else "went on"
    assert response.status_code == 422, (
        f'The client sent {{"{field}": null}} and was answered '
        f"{response.status_code}; Waybill {outcome}. "
        f"`| None` lets null in: what else could stand for a field left out?"
    )
    assert field in response.json()["detail"][0]["loc"], (
        f"`{field}` was null, and the 422 names "
        f"{response.json()['detail'][0]['loc']}. It should name the field."
    )


# - The default of each field is a value that its type allows.


@pytest.mark.parametrize("name", ["to", "weight_g", "value"])
def test_a_type_allows_its_default(name: str) -> None:
    """The type of each field allows its default as well."""
    from waybill.schemas import ParcelUpdate

    field = ParcelUpdate.model_fields[name]
    assert not field.is_required(), (
        f"`{name}` has no default, so a client can't leave it out."
    )
    default = field.get_default(call_default_factory=True, validated_data={})
    try:
        TypeAdapter(field.annotation).validate_python(default)
    except ValidationError:
        raise AssertionError(
            f"The default of `{name}` is {default!r}, and its type allows no such "
            f"value. It runs, because Pydantic doesn't look at defaults. But whoever "
            f"reads `patch.{name}` is promised something else: name it in the type."
        ) from None


# - The limits of a new parcel hold here, too.


async def test_limits_hold_in_a_patch(client: httpx.AsyncClient) -> None:
    """The limits of a new parcel hold in a change, and an address is replaced whole."""
    for sent in (
        {"weight_g": 0},
        {"weight_g": 30_001},
        {"weight_g": 750.5},
        {"value": "9.999"},
        {"value": -0.01},
        {"value": "10000.01"},
        {"value": "NaN"},
        {"to": LYON | {"country": "France"}},
        {"to": {"city": "Lyon"}},
        *({"to": {k: v for k, v in LYON.items() if k != name}} for name in LYON),
    ):
        response = await client.patch("/parcels/7", json=sent)
        assert response.status_code == 422, (
            f"The client sent {sent} and was answered {response.status_code}. "
            f"Address, Grams and Euros know the limits; build on them. "
            f"An address is replaced whole."
        )


# - Owner, tracking code and id can't be changed.


@pytest.mark.parametrize(
    "smuggled", [{"owner_id": 7}, {"tracking_code": "WB1"}, {"id": 8}]
)
async def test_owner_and_code_cannot_be_changed(
    client: httpx.AsyncClient, smuggled: dict[str, object]
) -> None:
    """Owner, tracking code and id can't be changed."""
    response = await client.patch("/parcels/7", json={"weight_g": 900} | smuggled)
    assert response.status_code == 422, (
        f"{smuggled} was sent along and answered {response.status_code}. Build on "
        f"RequestModel, and name only what a sender may change."
    )
