"""Checks of dependencies.own_parcel: nobody reads somebody else's parcel."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fastapi import FastAPI

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

    from waybill.tables import Account, Parcel

Connect = Callable[..., httpx.AsyncClient]

LENA, BOB = 4011, 4012
NAMES = {LENA: "Lena", BOB: "Bob"}
PARCELS = {307: LENA, 308: BOB}
"""Whose each parcel is that Waybill has from the start."""
LARGEST = 2**63 - 1


def body(weight_g: int = 750, value: str = "19.90") -> dict[str, Any]:
    """Return what a sender hands in."""
    to = {"name": "Zoë Ng", "street": "Torstraße 12", "city": "Berlin"}
    to |= {"postcode": "10119", "country": "DE"}
    return {"to": to, "weight_g": weight_g, "value": value}


@pytest.fixture
def asking() -> dict[str, int]:
    """Who is asking, by the account's id; a check changes it."""
    return {"id": LENA}


@pytest.fixture
async def app(
    sessions: "async_sessionmaker[AsyncSession]", asking: dict[str, int]
) -> FastAPI:
    """An app with the parcels, where Lena and Bob have one each."""
    from waybill import parcels
    from waybill.database import Session
    from waybill.dependencies import current_account
    from waybill.tables import Account, Parcel

    async with sessions.begin() as session:
        session.add(Account(id=LENA, email="lena@example.com"))
        session.add(Account(id=BOB, email="bob@example.com"))
        await session.flush()
        for number, owner_id in PARCELS.items():
            parcel = Parcel(id=number, owner_id=owner_id, tracking_code=f"WB{number}")
            parcel.to, parcel.value = body()["to"], Decimal("19.90")
            parcel.weight_g, parcel.created_at = 750, datetime(2026, 3, 2, tzinfo=UTC)
            session.add(parcel)

    async def whoever_asks(session: Session) -> "Account":
        return await session.get_one(Account, asking["id"])

    app = FastAPI()
    app.state.sessions = sessions
    app.include_router(parcels.router)
    app.dependency_overrides[current_account] = whoever_asks
    return app


@pytest.fixture
async def client(connect: Connect, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client that reads a 500 where a server would send one."""
    async with connect(app, raise_app_exceptions=False) as client:
        yield client


async def hand_in(
    client: httpx.AsyncClient, name: str, weight_g: int, value: str
) -> dict[str, Any]:
    """Hand a parcel in as whoever is asking, of that name; return what came back."""
    response = await client.post("/parcels", json=body(weight_g, value))
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
    asking: dict[str, int],
    owner: int,
) -> None:
    """Whoever hands a parcel in owns it and can read it."""
    from waybill.tables import Parcel

    asking["id"] = owner
    name = NAMES[owner]
    handed_in = [
        await hand_in(client, name, weight_g=750, value="19.90"),
        await hand_in(client, name, weight_g=1200, value="5.1"),
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
        assert row.owner_id == owner, (
            f"{name} handed a parcel in, and it belongs to the account {row.owner_id} "
            f"instead of {owner}."
        )
    codes = {parcel["tracking_code"] for parcel in handed_in}
    assert len(codes) == 2, (
        f"{name}'s two parcels have the tracking code {codes}. `hand_in` gives "
        "each its own."
    )


@pytest.mark.parametrize(("number", "other"), [(307, BOB), (308, LENA)])
async def test_anybody_elses_is_answered_404(
    client: httpx.AsyncClient, asking: dict[str, int], number: int, other: int
) -> None:
    """Somebody else's parcel is answered 404."""
    asking["id"] = other
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
    client: httpx.AsyncClient, asking: dict[str, int]
) -> None:
    """A parcel that isn't there is 404 too, in the same words as a foreign one."""
    asking["id"] = BOB
    seen = []
    for number in (307, 1, LARGEST):
        response = await client.get(f"/parcels/{number}")
        assert response.status_code == 404, (
            f"Bob has no parcel {number}, and was answered {response.status_code}."
        )
        seen.append(response.text.replace(str(number), "…"))
    assert len(set(seen)) == 1, (
        f"A foreign parcel is answered {seen[0]}, and one that isn't there {seen[1]}. "
        "The words tell Bob which numbers exist. Say the same to both."
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
    client: httpx.AsyncClient, app: FastAPI, asking: dict[str, int]
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
    asking["id"] = BOB
    response = await client.get("/labels/307")
    assert response.status_code == 404, (
        f"Bob asked for the label of Lena's parcel and was answered "
        f"{response.status_code}. Compare in `own_parcel`, so that every route that "
        "asks for the alias has it."
    )


async def test_read_parcel_asks_for_an_own_parcel(
    client: httpx.AsyncClient, app: FastAPI
) -> None:
    """`read_parcel` returns what `own_parcel` hands it."""
    from waybill.parcels import own_parcel
    from waybill.tables import Parcel

    async def another_parcel() -> "Parcel":
        parcel = Parcel(id=99, tracking_code="WBOTHER", owner_id=LENA, weight_g=1)
        parcel.to, parcel.value = body()["to"], Decimal(5)
        parcel.created_at = datetime(2026, 3, 2, tzinfo=UTC)
        return parcel

    app.dependency_overrides[own_parcel] = another_parcel
    response = await client.get("/parcels/307")
    assert "WBOTHER" in response.text, (
        "Lena sent GET /parcels/307 when another function stood in the place of "
        f"`own_parcel`, and read_parcel was none the wiser: {response.text}. "
        "Let it ask for an OwnParcel, and fetch nothing itself."
    )
