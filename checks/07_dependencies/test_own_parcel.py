"""Checks of dependencies.own_parcel: nobody reads somebody else's parcel."""

import random
import secrets
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fastapi import FastAPI

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

    from waybill.tables import Parcel

LENA, BOB = "lena@example.com", "bob@example.com"
CEM, DORA = "cem@example.com", "dora@example.com"
DEMO = "demo@waybill.example"
WHO = {
    LENA: "Lena, a sender,",
    BOB: "Bob, a sender,",
    CEM: "Cem, a courier,",
    DORA: "Dora, a dispatcher,",
    DEMO: "The demo account, a sender,",
}
PARCELS = {1: LENA, 7: LENA, 17: LENA, 311: BOB, 308: BOB}
PARCELS |= {309: CEM, 310: DORA, 312: DEMO}
"""Whose each parcel is. 17 is the id of Bob's account, too, and 311 that of Lena's."""
LARGEST = 2**63 - 1


@pytest.fixture
async def app(
    fill: Callable[..., Any],
    parcel: Callable[..., "Parcel"],
    mount: Callable[..., FastAPI],
) -> FastAPI:
    """An app with the parcels, to which a check may add a route."""
    from waybill import parcels

    def rows() -> "Iterator[Parcel]":
        for number, owner in PARCELS.items():
            yield parcel(number, owner, weight_g=number)

    await fill("parcels", rows)
    return mount(parcels.router, shared=False)


# - `own_parcel` returns the parcel whose id is in the path, if it belongs to whoever is
# asking.
@pytest.mark.parametrize("owner", [*WHO])
async def test_your_own_parcel_can_be_read(
    client: httpx.AsyncClient,
    asking: dict[str, str],
    crash: Callable[[], str],
    owner: str,
) -> None:
    """Whoever owns a parcel can read it, and gets that one."""
    asking["email"] = owner
    for number in (number for number, whose in PARCELS.items() if whose == owner):
        response = await client.get(f"/parcels/{number}")
        assert response.status_code == 200, (
            f"{WHO[owner]} asked for an own parcel, {number}, and was answered "
            f"{response.status_code}: {response.text}. Compare owner_id with the "
            f"account's id by `==` or `!=`, and look at nothing else. {crash()}"
        )
        read = response.json()
        assert (read["id"], read["weight_g"]) == (number, number), (
            f"Parcel {number} weighs {number} g, and its owner read {read}."
        )


# - Anybody else's parcel is answered 404, whatever the role of whoever asks.
async def test_who_asked_before_makes_no_difference(
    client: httpx.AsyncClient,
    sessions: "async_sessionmaker[AsyncSession]",
    parcel: Callable[..., "Parcel"],
    asking: dict[str, str],
) -> None:
    """Asked twice, each account is answered the same, whoever asked in between."""
    number = 1_000_000 + secrets.randbelow(10**9)  # no other check has read it
    async with sessions.begin() as session:
        session.add(parcel(number, LENA))
    seen = []
    for email in (BOB, LENA, BOB, LENA):
        asking["email"] = email
        seen.append((await client.get(f"/parcels/{number}")).status_code)
    assert seen[:2] == seen[2:], (
        f"Bob, Lena, Bob and Lena asked for Lena's parcel, one after the other, and "
        f"were answered {seen}. Does your code keep a parcel from one request to the "
        "next, in a cache or in a variable of the module? Ask the database each time."
    )


@pytest.mark.parametrize("other", [*WHO])
async def test_anybody_elses_is_answered_404(
    client: httpx.AsyncClient,
    asking: dict[str, str],
    crash: Callable[[], str],
    other: str,
) -> None:
    """Somebody else's parcel is answered 404, to every role."""
    asking["email"] = other
    for number, owner in PARCELS.items():
        if owner == other:
            continue
        status = (await client.get(f"/parcels/{number}")).status_code
        advice = {
            200: "Whoever reads it knows where it goes and what it is worth. Compare "
            "the parcel's `owner_id` with the id of the account, and nothing else: "
            "in this lesson no role reads what others own.",
            403: "A 403 says that there is such a parcel.",
            500: crash(),
        }
        assert status == 404, (
            f"Parcel {number} belongs to {owner}. {WHO[other]} asked for it and was "
            f"answered {status} instead of 404. {advice.get(status, '')}"
        )


# - A parcel that doesn't exist is answered 404 too, in the same words.
async def test_absent_and_foreign_look_alike(
    client: httpx.AsyncClient, asking: dict[str, str], crash: Callable[[], str]
) -> None:
    """A parcel that doesn't exist is 404 too, in the same words as a foreign one."""
    asking["email"] = BOB
    seen = []
    for number in (7, 8, LARGEST):
        response = await client.get(f"/parcels/{number}")
        assert response.status_code == 404, (
            f"Bob asked for parcel {number}, which isn't his, and was answered "
            f"{response.status_code}. {crash()}"
        )
        others = {
            name: text
            for name, text in response.headers.items()
            if not name.startswith("content-")
        }
        said = f"{response.text} with {others}" if others else response.text
        seen.append(said.replace(str(number), "…"))
    assert len(set(seen)) == 1, (
        f"Bob asked for Lena's parcel and was answered {seen[0]}; for one that isn't "
        f"there, {seen[1]}. The difference tells him which numbers exist. Say the "
        "same to both, in the headers as well."
    )


# - `ParcelId` is a whole number from 1 to 2**63 - 1.
@pytest.mark.parametrize("number", [0, -1, LARGEST + 1, 10**30, 7.5])
async def test_an_id_that_cannot_be_is_answered_422(
    client: httpx.AsyncClient, number: float
) -> None:
    """An id below 1 or beyond 2**63 - 1 is answered 422."""
    response = await client.get(f"/parcels/{number}")
    advice = {
        500: "The database's driver can't count so far and raises OverflowError.",
        404: "No parcel ever has this number; say so before you ask the database.",
    }
    status = response.status_code
    assert status == 422, (
        f"Lena sent GET /parcels/{number} and was answered {status} instead of 422. "
        f"{advice.get(status, '')} Give ParcelId its bounds."
    )


# - A route gets the parcel by asking for `OwnParcel`, and `read_parcel` does so.
async def test_any_route_may_ask_for_an_own_parcel(
    client: httpx.AsyncClient, app: FastAPI, asking: dict[str, str]
) -> None:
    """A route elsewhere that asks for `OwnParcel` gets it, or answers 404."""
    from waybill.parcels import OwnParcel

    @app.get("/labels/{parcel_id}")
    async def label(parcel: OwnParcel) -> str:
        return parcel.tracking_code

    response = await client.get("/labels/7")
    assert response.text == '"WB7"', (
        "A route for labels asked for `parcel: OwnParcel`. Lena sent GET /labels/7, "
        f"for her own, and was answered {response.status_code}: {response.text}. The "
        "dependency reads `parcel_id` from the path and returns the row."
    )
    asking["email"] = BOB
    response = await client.get("/labels/7")
    assert response.status_code == 404, (
        f"Bob asked for the label of Lena's parcel and was answered "
        f"{response.status_code}. Compare in `own_parcel`, so that every route that "
        "asks for the alias has it."
    )


async def test_read_parcel_asks_for_an_own_parcel(
    client: httpx.AsyncClient, app: FastAPI, parcel: Callable[..., "Parcel"]
) -> None:
    """`read_parcel` returns what `own_parcel` hands it."""
    from waybill.parcels import own_parcel

    async def another_parcel() -> "Parcel":
        return parcel(99, LENA, tracking_code="WBOTHER", value=Decimal(5), weight_g=1)

    app.dependency_overrides[own_parcel] = another_parcel
    response = await client.get("/parcels/7")
    assert "WBOTHER" in response.text, (
        "Lena sent GET /parcels/7 when another function stood in the place of "
        f"`own_parcel`, and read_parcel was none the wiser: {response.text}. "
        "Let it ask for an OwnParcel, and fetch nothing itself."
    )


# - `hand_in` stays as it is.
@pytest.mark.parametrize("owner", [LENA, CEM])
async def test_what_is_handed_in_belongs_to_the_sender(
    client: httpx.AsyncClient, asking: dict[str, str], body: dict[str, Any], owner: str
) -> None:
    """Whoever hands a parcel in can read it, as it was answered."""
    asking["email"] = owner
    for change in ({}, {"weight_g": 1200, "value": "5.1"}):
        response = await client.post("/parcels", json=body | change)
        assert response.status_code == 201, (
            f"{WHO[owner]} handed a parcel in and was answered {response.status_code}: "
            f"{response.text}. `hand_in` works as the cell came."
        )
        handed_in = response.json()
        assert handed_in["weight_g"] == (body | change)["weight_g"], handed_in
        response = await client.get(f"/parcels/{handed_in['id']}")
        assert response.json() == handed_in, (
            f"{WHO[owner]} handed a parcel in, and the answer was {handed_in}. Then it "
            f"was read as {response.json()}. As the cell came, `hand_in` gives it to "
            "whoever asks, and answers with what the database keeps."
        )


async def test_tracking_codes_do_not_collide(
    client: httpx.AsyncClient, body: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two parcels whose codes begin with the same random digits are both kept."""
    drawn: list[int] = []
    draw = secrets.token_bytes

    def begins_alike(nbytes: int | None = None) -> bytes:
        drawn.append(nbytes or 32)
        return (bytes(7) + draw(32))[: drawn[-1]] if len(drawn) < 3 else draw(nbytes)

    monkeypatch.setattr(secrets, "token_bytes", begins_alike)
    seen = []
    for _ in range(2):
        random.seed(7)  # who knows how `random` began foretells what it draws
        response = await client.post("/parcels", json=body)
        assert response.status_code == 201, (
            "Chance drew the same first digits twice, and the second parcel was "
            f"answered {response.status_code}: its tracking code was taken. A longer "
            "code makes that next to impossible; as the cell came, it was long enough, "
            "and drawn by `secrets`, which nobody can foretell."
        )
        seen.append(response.json()["tracking_code"])
    assert len(set(seen)) == 2, f"Two parcels have the same tracking code: {seen}."
