"""Checks of dependencies.own_parcel: nobody reads somebody else's parcel."""

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fastapi import APIRouter, FastAPI

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

    from waybill.tables import Parcel

LENA, BOB = "lena@example.com", "bob@example.com"
NAMES = {LENA: "Lena", BOB: "Bob"}
PARCELS = {307: LENA, 308: BOB}
"""Whose each parcel is that Waybill has from the start."""
LARGEST = 2**63 - 1


@pytest.fixture
async def app(
    sessions: "async_sessionmaker[AsyncSession]",
    parcel: Callable[..., "Parcel"],
    mount: Callable[[APIRouter], FastAPI],
) -> FastAPI:
    """An app with the parcels, where Lena and Bob have one each."""
    from waybill import parcels

    async with sessions.begin() as session:
        for number, owner in PARCELS.items():
            session.add(parcel(number, owner))
    return mount(parcels.router)


async def hand_in(
    client: httpx.AsyncClient, name: str, body: dict[str, Any]
) -> dict[str, Any]:
    """Hand a parcel in as whoever is asking, of that name; return what came back."""
    response = await client.post("/parcels", json=body)
    assert response.status_code == 201, (
        f"{name} handed a parcel in and was answered {response.status_code}: "
        f"{response.text}. `hand_in` works as the cell came; leave it be."
    )
    parcel: dict[str, Any] = response.json()
    return parcel


@pytest.mark.parametrize("owner", [LENA, BOB])
async def test_your_own_parcel_can_be_read(
    client: httpx.AsyncClient,
    sessions: "async_sessionmaker[AsyncSession]",
    asking: dict[str, str],
    known: dict[str, int],
    body: dict[str, Any],
    owner: str,
) -> None:
    """Whoever hands a parcel in owns it and can read it."""
    from waybill.tables import Parcel

    asking["email"] = owner
    name = NAMES[owner]
    handed_in = [
        await hand_in(client, name, body),
        await hand_in(client, name, body | {"weight_g": 1200, "value": "5.1"}),
    ]
    for parcel, weight_g in zip(handed_in, (750, 1200), strict=True):
        response = await client.get(f"/parcels/{parcel['id']}")
        assert response.status_code == 200, (
            f"{name} handed parcel {parcel['id']} in, asked for it, and was answered "
            f"{response.status_code}: {response.text}. Whose is it, and who asks? "
            "Compare the two ids."
        )
        assert response.json() == parcel, (
            f"{name}'s parcel was handed in, and the answer was {parcel}. Then it was "
            f"read as {response.json()}. As the cell came, `hand_in` answers with what "
            "the database keeps."
        )
        assert parcel["weight_g"] == weight_g, (
            f"{name} handed in {weight_g} g, and {parcel['weight_g']} g came back."
        )
        async with sessions() as session:
            row = await session.get_one(Parcel, parcel["id"])
        assert row.owner_id == known[owner], (
            f"{name} handed a parcel in, and it belongs to the account {row.owner_id} "
            f"instead of {known[owner]}."
        )
    codes = {parcel["tracking_code"] for parcel in handed_in}
    assert len(codes) == 2, (
        f"{name}'s two parcels have the tracking code {codes}. `hand_in` gives "
        "each its own."
    )


@pytest.mark.parametrize(("number", "other"), [(307, BOB), (308, LENA)])
async def test_anybody_elses_is_answered_404(
    client: httpx.AsyncClient, asking: dict[str, str], number: int, other: str
) -> None:
    """Somebody else's parcel is answered 404."""
    asking["email"] = other
    response = await client.get(f"/parcels/{number}")
    status, name = response.status_code, NAMES[other]
    advice = {
        200: f"{name} now knows where it goes and what it is worth.",
        403: f"A 403 tells {name} that there is such a parcel.",
        500: "Your code raised an exception; `HTTPException` is one with a status.",
    }
    assert status == 404, (
        f"Parcel {number} is {NAMES[PARCELS[number]]}'s. {name} asked for it and was "
        f"answered {status} instead of 404. {advice.get(status, '')}"
    )


async def test_absent_and_foreign_look_alike(
    client: httpx.AsyncClient, asking: dict[str, str]
) -> None:
    """A parcel that isn't there is 404 too, in the same words as a foreign one."""
    asking["email"] = BOB
    seen = []
    for number in (307, 1, LARGEST):
        response = await client.get(f"/parcels/{number}")
        assert response.status_code == 404, (
            f"Bob has no parcel {number}, and was answered {response.status_code}."
        )
        seen.append(response.text.replace(str(number), "…"))
    assert len(set(seen)) == 1, (
        f"Bob asked for Lena's parcel and was answered {seen[0]}; for one that isn't "
        f"there, {seen[1]}. The words tell him which numbers exist. Say the same to "
        "both."
    )


@pytest.mark.parametrize("number", [0, -1, LARGEST + 1, 10**30])
async def test_an_id_that_cannot_be_is_answered_422(
    client: httpx.AsyncClient, number: int
) -> None:
    """An id below 1 or beyond 2**63 - 1 is answered 422."""
    response = await client.get(f"/parcels/{number}")
    advice = {
        500: "SQLite's driver can't count so far and raises OverflowError.",
        404: "No parcel ever has this number; say so before you ask the database.",
    }
    status = response.status_code
    assert status == 422, (
        f"Lena sent GET /parcels/{number} and was answered {status} instead of 422. "
        f"{advice.get(status, '')} Give ParcelId its bounds."
    )


async def test_any_route_may_ask_for_an_own_parcel(
    client: httpx.AsyncClient, app: FastAPI, asking: dict[str, str]
) -> None:
    """A route elsewhere that asks for `OwnParcel` gets it, or answers 404."""
    from waybill.parcels import OwnParcel

    @app.get("/labels/{parcel_id}")
    async def label(parcel: OwnParcel) -> str:
        return parcel.tracking_code

    response = await client.get("/labels/307")
    assert response.text == '"WB307"', (
        "A route for labels asked for `parcel: OwnParcel`. Lena sent GET /labels/307, "
        f"for her own, and was answered {response.status_code}: {response.text}. The "
        "dependency reads `parcel_id` from the path and returns the row."
    )
    asking["email"] = BOB
    response = await client.get("/labels/307")
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
    response = await client.get("/parcels/307")
    assert "WBOTHER" in response.text, (
        "Lena sent GET /parcels/307 when another function stood in the place of "
        f"`own_parcel`, and read_parcel was none the wiser: {response.text}. "
        "Let it ask for an OwnParcel, and fetch nothing itself."
    )
