"""Checks of dependencies.add_scan: who may scan, and what."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import httpx
import pytest
from fastapi import Depends, FastAPI

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

    from waybill.tables import Parcel

EMAILS = {
    "sender": "lena@example.com",
    "courier": "cem@example.com",
    "dispatcher": "dora@example.com",
}
PARCEL, OTHER = 7, 602
SCAN = {"depot": "BER", "kind": "arrived", "at": "2026-03-02T09:00:00Z"}


@pytest.fixture
def asking() -> dict[str, str]:
    """Who is asking, by e-mail; a check changes it."""
    return {"email": EMAILS["courier"]}


@pytest.fixture
async def app(
    sessions: "async_sessionmaker[AsyncSession]",
    parcel: Callable[..., "Parcel"],
    mount: Callable[..., FastAPI],
) -> FastAPI:
    """An app with the parcels, two of them stored."""
    from waybill import parcels

    async with sessions.begin() as session:
        for number in (PARCEL, OTHER):
            session.add(parcel(number, EMAILS["sender"]))
    return mount(parcels.router, shared=False)


async def scans_of(sessions: "async_sessionmaker[AsyncSession]") -> list[Any]:
    """Return all scans that were kept."""
    from sqlalchemy import select

    from waybill.tables import Scan

    async with sessions() as session:
        return [*await session.scalars(select(Scan).order_by(Scan.id))]


# - A courier's or a dispatcher's scan is answered 201 and kept, whoever owns the
# parcel.
@pytest.mark.parametrize("role", ["courier", "dispatcher"])
async def test_a_courier_notes_a_scan(
    client: httpx.AsyncClient,
    sessions: "async_sessionmaker[AsyncSession]",
    asking: dict[str, str],
    role: str,
) -> None:
    """A courier's or a dispatcher's scan is answered 201, and kept."""
    asking["email"] = EMAILS[role]
    response = await client.post(
        f"/parcels/{OTHER}/scans", json=SCAN | {"weight_g": 812}
    )
    advice = {
        403: "Couriers and dispatchers may.",
        404: "The parcel is there, and it is Lena's. Does the route ask for an "
        "OwnParcel? Couriers scan what others own.",
    }
    assert response.status_code == 201, (
        f"A {role} scanned Lena's parcel {OTHER} and was answered "
        f"{response.status_code}: {response.text}. "
        f"{advice.get(response.status_code, '')}"
    )
    sent = response.json()
    assert {name: sent.get(name) for name in SCAN} == SCAN, (
        f"The scan was {SCAN}, and the answer says {sent}."
    )
    empty = await client.post(f"/parcels/{OTHER}/scans")
    assert empty.status_code == 422, (
        f"A {role} sent no scan at all and was answered {empty.status_code} instead of "
        "422. `data: ScanCreate` without a default makes the body required."
    )
    kept = [
        (s.parcel_id, s.depot, s.kind, s.weight_g) for s in await scans_of(sessions)
    ]
    assert kept == [(OTHER, "BER", "arrived", 812)], (
        f"Parcel {OTHER} arrived in BER with 812 g, and the table holds {kept}."
    )


# - A sender is answered 403, whether the parcel exists or not.
@pytest.mark.parametrize("number", [PARCEL, 99_999])
async def test_a_sender_may_not(
    client: httpx.AsyncClient,
    sessions: "async_sessionmaker[AsyncSession]",
    asking: dict[str, str],
    number: int,
) -> None:
    """A sender is answered 403, whether there is such a parcel or not."""
    asking["email"] = EMAILS["sender"]
    response = await client.post(f"/parcels/{number}/scans", json=SCAN)
    status = response.status_code
    whose = "an own parcel" if number == PARCEL else "a parcel that isn't there"
    advice = {
        201: "`check` let the role pass.",
        404: "Dependencies run in the order of the parameters: the one that requires a "
        "role comes before whatever looks for the parcel.",
        401: "Waybill knows who it is; the role is what's wrong.",
        500: "HTTPException is an exception with a status.",
    }
    assert status == 403, (
        f"A sender scanned {whose} and was answered {status} instead of 403. "
        f"{advice.get(status, '')}"
    )
    kept = await scans_of(sessions)
    assert not kept, f"A sender was answered 403, and {len(kept)} scan was kept."


# - A scan of a parcel that doesn't exist is answered 404.
async def test_an_unknown_parcel_is_answered_404(client: httpx.AsyncClient) -> None:
    """A scan of a parcel that isn't there is answered 404; of an impossible id, 422."""
    for number, wanted in ((99_999, 404), (2**63 - 1, 404), (2**63, 422), (0, 422)):
        response = await client.post(f"/parcels/{number}/scans", json=SCAN)
        status = response.status_code
        advice = {
            500: "The foreign key refuses the row with an IntegrityError.",
            409: "A missing parcel and a known scan are both an IntegrityError. Look "
            "for the parcel too: that tells them apart.",
        }
        assert status == wanted, (
            f"A courier scanned parcel {number} and was answered {status} instead of "
            f"{wanted}. {advice.get(status, 'ParcelId has the bounds.')}"
        )


# - The same scan again is answered 409, even if another scanner was faster by a moment.
async def test_a_known_scan_is_answered_409(
    client: httpx.AsyncClient, sessions: "async_sessionmaker[AsyncSession]"
) -> None:
    """The same scan of a parcel twice is answered 409, however its time is written."""
    url = f"/parcels/{PARCEL}/scans"
    await client.post(url, json=SCAN)
    for at in (SCAN["at"], "2026-03-02T10:00:00+01:00"):
        response = await client.post(url, json=SCAN | {"at": at, "weight_g": 800})
        status = response.status_code
        advice = {
            500: "The unique constraint refuses the row with an IntegrityError when "
            "it is flushed: turn that into an answer.",
            201: "+01:00 at 10 o'clock is 9 o'clock in UTC, and another weight makes "
            "no other scan.",
        }
        assert status == 409, (
            f"A courier sent the scan {SCAN['at']} again as {at} and was answered "
            f"{status} instead of 409. {advice.get(status, '')}"
        )
    for change in (
        {"depot": "AMS"},
        {"kind": "departed"},
        {"at": "2026-03-02T09:00:01Z"},
    ):
        response = await client.post(url, json=SCAN | change)
        assert response.status_code == 201, (
            f"The courier's scan that differs in {change} was answered "
            f"{response.status_code}; it is another one."
        )
    response = await client.post(f"/parcels/{OTHER}/scans", json=SCAN)
    assert response.status_code == 201, (
        f"The courier scanned another parcel and was answered {response.status_code}; "
        "it is another scan."
    )
    kept = len(await scans_of(sessions))
    assert kept == 5, f"Five different scans came, and {kept} were kept."


@pytest.mark.usefixtures("other_words")
async def test_another_database_has_other_words(client: httpx.AsyncClient) -> None:
    """A known scan is answered 409, in whatever words the database says it."""
    url = f"/parcels/{PARCEL}/scans"
    first, again = [(await client.post(url, json=SCAN)).status_code for _ in range(2)]
    assert (first, again) == (201, 409), (
        "A courier sent a scan twice, to another database than SQLite, and was "
        f"answered {first}, then {again} instead of 409. Every database raises an "
        "IntegrityError; what its text says differs."
    )


async def test_a_faster_scanner_is_answered_for(
    client: httpx.AsyncClient, be_faster: Callable[..., list[str]]
) -> None:
    """If another scanner is faster by a moment, the answer is still 409."""
    faster = be_faster("INSERT INTO scans")
    response = await client.post(f"/parcels/{PARCEL}/scans", json=SCAN)
    assert faster, "A courier scanned a parcel, and no scan was added."
    assert response.status_code == 409, (
        "Two couriers sent the same scan, the other one was faster, and this one was "
        f"answered {response.status_code} instead of 409. Between a look and an "
        "INSERT is time for another: let the unique constraint decide."
    )


# - `require_role(*roles)` returns a dependency.
@pytest.mark.parametrize(
    "roles",
    [
        (),
        ("sender",),
        ("courier",),
        ("dispatcher", "sender"),
        ("courier", "dispatcher"),
    ],
)
async def test_other_roles_can_be_required(
    client: httpx.AsyncClient,
    app: FastAPI,
    asking: dict[str, str],
    known: dict[str, int],
    roles: tuple[str, ...],
) -> None:
    """`require_role` makes a dependency for any roles; it hands over the account."""
    from waybill.parcels import require_role
    from waybill.tables import Account, Role

    may = Depends(require_role(*(Role(name) for name in roles)))
    require_role(*Role)  # another route requires something else

    @app.get("/elsewhere")
    async def elsewhere(account: Annotated[Account, may]) -> int:
        return account.id

    said = " or ".join(roles) or "of nobody (it named none)"
    for role, email in EMAILS.items():
        asking["email"] = email
        response = await client.get("/elsewhere")
        wanted = 200 if role in roles else 403
        assert response.status_code == wanted, (
            f"A route required the role {said}; a {role} was answered "
            f"{response.status_code} instead of {wanted}. Compare the account's role "
            "with all that `require_role` was given in this call, and with nothing it "
            "was given for another route. A 500 is an exception that has no "
            "status, or a dependency that returned no account."
        )
        if wanted == 200:
            assert response.json() == known[email], (
                f"The {role} has the id {known[email]}, and the route was handed "
                f"the account {response.json()}."
            )
