#| kata: testing.listing
#| refused_by: test_each_can_fail
# The first test takes an empty list apart, and crashes.
import httpx
import pytest
from fastapi import FastAPI

from waybill.dependencies import current_account
from waybill.tables import Account

TO = {
    "name": "Zoë Ng",
    "street": "Torstraße 12",
    "city": "Berlin",
    "postcode": "10119",
    "country": "DE",
}


@pytest.fixture
async def people(app: FastAPI) -> dict[str, Account]:
    """Return Lena and Bob, who have accounts."""
    people = {name: Account(email=f"{name}@example.com") for name in ("lena", "bob")}
    async with app.state.sessions.begin() as session:
        session.add_all(people.values())
    return people


def ask_as(app: FastAPI, account: Account) -> None:
    """Let an account ask from here on."""
    app.dependency_overrides[current_account] = lambda: account


async def hand_in(client: httpx.AsyncClient, weight_g: int) -> int:
    """Hand in a parcel, and return its id."""
    parcel = {"to": TO, "weight_g": weight_g, "value": "19.90"}
    response = await client.post("/v1/parcels", json=parcel)
    assert response.status_code == 201
    return int(response.json()["id"])


@pytest.mark.anyio
async def test_a_parcel_is_listed(
    app: FastAPI, client: httpx.AsyncClient, people: dict[str, Account]
) -> None:
    """What was handed in is listed."""
    ask_as(app, people["lena"])
    await hand_in(client, 750)
    response = await client.get("/v1/parcels")
    assert response.json()[0]["weight_g"] == 750


@pytest.mark.anyio
async def test_nobody_elses_parcel_is_listed(
    app: FastAPI, client: httpx.AsyncClient, people: dict[str, Account]
) -> None:
    """Bob doesn't see what Lena handed in."""
    ask_as(app, people["lena"])
    await hand_in(client, 750)
    ask_as(app, people["bob"])
    response = await client.get("/v1/parcels")
    assert response.json() == []


@pytest.mark.anyio
async def test_the_limit_is_kept(
    app: FastAPI, client: httpx.AsyncClient, people: dict[str, Account]
) -> None:
    """No more parcels come than were asked for."""
    ask_as(app, people["lena"])
    for weight_g in (750, 900):
        await hand_in(client, weight_g)
    response = await client.get("/v1/parcels", params={"limit": 1})
    assert len(response.json()) == 1


@pytest.mark.anyio
async def test_the_oldest_comes_first(
    app: FastAPI, client: httpx.AsyncClient, people: dict[str, Account]
) -> None:
    """Parcels come in the order in which they were handed in."""
    ask_as(app, people["lena"])
    ids = [await hand_in(client, weight_g) for weight_g in (750, 900)]
    response = await client.get("/v1/parcels")
    assert [parcel["id"] for parcel in response.json()] == ids
