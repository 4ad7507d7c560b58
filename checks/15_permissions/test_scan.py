"""Checks of permissions.scan: couriers scan what they carry."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fastapi import FastAPI

if TYPE_CHECKING:
    from waybill.tables import Parcel

Answered = Callable[..., None]
Rows = Callable[..., list[Any]]
SCAN = {"depot": "BER", "kind": "arrived", "at": "2026-03-02T09:00:00Z"}
CARRIED = {7: "cem", 8: "kim", 23: "kim", 41: "cem", 12: "bob"}
"""Who carries which parcel. Bob was a courier once. 23 is Cem's id, and 41 Kim's."""
NOT_CEMS = {
    8: "a parcel that Kim carries",
    9: "a parcel that nobody carries",
    11: "a parcel of his own, which nobody carries",
    23: "a parcel that Kim carries",
    99_999: "a parcel that isn't there",
}


@pytest.fixture
async def app(
    keep: Callable[..., Awaitable[None]],
    known: dict[str, Any],  # noqa: ARG001  # used for what it does
    ids: dict[str, int],
    parcel: "Callable[..., Parcel]",
    mount: Callable[..., FastAPI],
    asking: dict[str, str],
) -> FastAPI:
    """An app with the parcels; Cem asks, unless a check says otherwise."""
    from waybill import parcels
    from waybill.tables import Assignment

    owned = [parcel(number) for number in (7, 8, 9, 12, 23, 41)]
    carried = [
        Assignment(parcel_id=number, courier_id=ids[name])
        for number, name in CARRIED.items()
    ]
    await keep(*owned, parcel(11, "cem"), *carried)
    asking["name"] = "cem"
    return mount(parcels.router)


@pytest.fixture
def kept(rows: Rows) -> Callable[[], list[Any]]:
    """Return a function that reads all scans that are committed."""
    return lambda: rows("SELECT parcel_id, depot, kind FROM scans ORDER BY id")


# - A courier scans the parcels that they carry, and no other one.
@pytest.mark.parametrize(("name", "number"), [("cem", 7), ("cem", 41), ("kim", 8)])
async def test_a_courier_scans_what_they_carry(
    client: httpx.AsyncClient,
    asking: dict[str, str],
    answered: Answered,
    kept: Callable[[], list[Any]],
    name: str,
    number: int,
) -> None:
    """A courier's scan of a parcel that they carry is answered 201, and kept."""
    asking["name"] = name
    response = await client.post(f"/parcels/{number}/scans", json=SCAN)
    answered(response, 201, f"{name.title()} carries parcel {number}, and a scan of it")
    sent = {field: response.json().get(field) for field in SCAN}
    assert sent == SCAN, f"The scan was {SCAN}, and the answer says {response.json()}."
    assert kept() == [(number, "BER", "ARRIVED")], (
        f"Parcel {number} arrived in BER, and the table of scans holds {kept()}."
    )


@pytest.mark.parametrize("number", NOT_CEMS)
async def test_and_no_other_one(
    client: httpx.AsyncClient,
    answered: Answered,
    kept: Callable[[], list[Any]],
    number: int,
) -> None:
    """A courier's scan of any other parcel is refused, and not kept."""
    response = await client.post(f"/parcels/{number}/scans", json=SCAN)
    advice = {
        201: "An assignment has to name this parcel and who is asking, no owner.",
        403: "With a 403, Cem learns that there is such a parcel.",
    }
    what = f"Cem scanned {NOT_CEMS[number]}, and"
    answered(response, 404, what, advice.get(response.status_code, ""))
    assert not kept(), f"{what} was answered 404, and the scan was kept."


async def test_an_assignment_that_ends(
    client: httpx.AsyncClient, answered: Answered, rows: Rows
) -> None:
    """When a parcel gets another courier, the one before can't scan it any more."""
    await client.post("/parcels/7/scans", json=SCAN)
    rows("UPDATE assignments SET courier_id = 41 WHERE parcel_id = 7")
    response = await client.post("/parcels/7/scans", json=SCAN | {"depot": "HAM"})
    answered(response, 404, "Parcel 7 went to Kim, Cem scanned it once more, and")


# - Whoever may do `"parcels:any"` scans every parcel.
@pytest.mark.parametrize("number", [7, 8, 9, 11])
async def test_a_dispatcher_scans_all(
    client: httpx.AsyncClient,
    asking: dict[str, str],
    answered: Answered,
    number: int,
) -> None:
    """A dispatcher scans every parcel, whoever carries it."""
    asking["name"] = "dora"
    response = await client.post(f"/parcels/{number}/scans", json=SCAN)
    answered(response, 201, f"Dora, a dispatcher, scanned parcel {number}, and")


async def test_an_impossible_id(
    client: httpx.AsyncClient, asking: dict[str, str], answered: Answered
) -> None:
    """A dispatcher reads 404 for what isn't there, and 422 for an impossible id."""
    asking["name"] = "dora"
    for number, status in ((99_999, 404), (2**63, 422)):
        response = await client.post(f"/parcels/{number}/scans", json=SCAN)
        answered(response, status, f"Dora scanned parcel {number}, and")


async def test_the_table_is_asked(
    client: httpx.AsyncClient,
    asking: dict[str, str],
    answered: Answered,
    table: Callable[..., None],
) -> None:
    """It is the table that is asked for `parcels:any`, and no role."""
    table("courier", add="parcels:any")
    table("dispatcher", drop="parcels:any")
    response = await client.post("/parcels/8/scans", json=SCAN)
    advice = '`may(account, "parcels:any")` asks the table, whatever the role is.'
    what = "MAY allowed couriers 'parcels:any', Cem scanned Kim's parcel, and"
    answered(response, 201, what, advice)
    asking["name"] = "dora"
    response = await client.post("/parcels/7/scans", json=SCAN)
    what = "MAY allowed dispatchers 'parcels:any' no longer, Dora scanned a parcel, and"
    answered(response, 404, what, advice)


async def test_the_guard_asks_the_table(
    client: httpx.AsyncClient, answered: Answered, table: Callable[..., None]
) -> None:
    """Whoever may not do `scans:add` is answered 403."""
    table("courier", drop="scans:add")
    what = "MAY allowed couriers 'scans:add' no longer, Cem scanned a parcel, and"
    answered(await client.post("/parcels/7/scans", json=SCAN), 403, what)


# - Every other parcel is answered 404 with the same body, whether it exists or not.
@pytest.mark.parametrize("name", ["cem", "kim"])
async def test_one_answer_for_all(
    client: httpx.AsyncClient, asking: dict[str, str], name: str
) -> None:
    """What a courier doesn't carry and what isn't there have the same answer."""
    asking["name"] = name
    others = [one for one, who in CARRIED.items() if who != name]
    answers = {
        number: await client.post(f"/parcels/{number}/scans", json=SCAN)
        for number in (99_999, 9, 11, *others)
    }
    told = {
        (one.status_code, one.text, str(sorted({*one.headers} - {"date"})))
        for one in answers.values()
    }
    seen = {number: f"{one.status_code} {one.text}" for number, one in answers.items()}
    assert len(told) == 1, (
        f"{name.title()} asked for parcels that they don't carry, and can tell by the "
        f"answers which of them exist: {seen}."
    )


# - A sender is answered 403, and learns nothing about parcels.
@pytest.mark.parametrize("number", [7, 12, 99_999])
async def test_a_sender_may_not(
    client: httpx.AsyncClient,
    asking: dict[str, str],
    answered: Answered,
    kept: Callable[[], list[Any]],
    number: int,
) -> None:
    """A sender is answered 403, whatever they own, and even who was a courier once."""
    for name in ("lena", "bob"):
        asking["name"] = name
        response = await client.post(f"/parcels/{number}/scans", json=SCAN)
        advice = "`Scanner` asks the policy before anybody looks for the parcel."
        what = f"{name.title()}, a sender, scanned parcel {number}, and"
        answered(response, 403, what, advice)
    assert not kept(), "A sender was answered 403, and a scan was kept."


# - A known scan, and one more than `MOST_SCANS`, are answered 409: `keep_scan`, which
# is given, does that.
async def test_a_known_scan_is_answered_409(
    client: httpx.AsyncClient, answered: Answered
) -> None:
    """The same scan of a parcel twice is answered 409, however its time is written."""
    await client.post("/parcels/7/scans", json=SCAN)
    again = SCAN | {"at": "2026-03-02T10:00:00+01:00", "weight_g": 800}
    response = await client.post("/parcels/7/scans", json=again)
    answered(response, 409, "Cem sent the same scan again, and")
    response = await client.post("/parcels/41/scans", json=SCAN)
    answered(response, 201, "Cem scanned another parcel at the same moment, and")


async def test_a_parcel_has_a_limit(
    client: httpx.AsyncClient,
    answered: Answered,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A scan more than `MOST_SCANS` is answered 409; each parcel has its own count."""
    from waybill import parcels

    monkeypatch.setattr(parcels, "MOST_SCANS", 3)
    await client.post("/parcels/41/scans", json=SCAN)
    for depot, status in (("AAA", 201), ("BBB", 201), ("CCC", 201), ("DDD", 409)):
        response = await client.post("/parcels/7/scans", json=SCAN | {"depot": depot})
        what = f"MOST_SCANS was 3, Cem sent scan {'ABCD'.index(depot[0]) + 1}, and"
        answered(response, status, what, "`keep_scan` counts; leave that as it is.")


async def test_scans_of_a_parcel_come_one_by_one(client: httpx.AsyncClient) -> None:
    """The parcel's row is locked, so that two scans at once are counted, too."""
    from sqlalchemy import event
    from sqlalchemy.dialects import postgresql
    from sqlalchemy.orm import Session

    sent: list[str] = []

    def note(state: Any) -> None:  # noqa: ANN401
        sent.append(str(state.statement.compile(dialect=postgresql.dialect())))

    event.listen(Session, "do_orm_execute", note)
    try:
        await client.post("/parcels/7/scans", json=SCAN)
    finally:
        event.remove(Session, "do_orm_execute", note)
    locked = [one for one in sent if "FROM parcels" in one and " UPDATE" in one]
    assert locked, (
        "A parcel was scanned, and its row wasn't locked: on PostgreSQL, two scans at "
        "once would pass MOST_SCANS. Keep `with_for_update` of the starting code."
    )


# - The body comes last: who may not scan a parcel gets no 422.
@pytest.mark.parametrize(
    ("name", "number", "status"),
    [("cem", 8, 404), ("cem", 99_999, 404), ("lena", 7, 403), ("cem", 7, 422)],
)
async def test_the_body_comes_last(
    client: httpx.AsyncClient,
    asking: dict[str, str],
    answered: Answered,
    name: str,
    number: int,
    status: int,
) -> None:
    """A body that is wrong is answered 422 only to whoever may scan the parcel."""
    asking["name"] = name
    for sent in ({}, SCAN | {"kind": "eaten"}):
        response = await client.post(f"/parcels/{number}/scans", json=sent)
        what = f"{name.title()} sent parcel {number} the bad scan {sent}, and"
        advice = "A dependency that raises comes before the body; a route doesn't."
        answered(response, status, what, advice)


# - A sender is answered 403, and learns nothing about parcels.
async def test_a_depots_list_is_guarded(
    client: httpx.AsyncClient,
    app: FastAPI,
    asking: dict[str, str],
    ids: dict[str, int],
    answered: Answered,
    table: Callable[..., None],
) -> None:
    """`Courier` lets pass who may do `scans:read`, by the table."""
    from waybill.parcels import Courier

    @app.get("/elsewhere")
    async def elsewhere(courier: Courier) -> int:
        return courier.id

    for name, status in (("lena", 403), ("cem", 200), ("dora", 200), ("nobody", 401)):
        asking["name"] = name
        response = await client.get("/elsewhere")
        answered(
            response, status, f"{name.title()} asked for what `Courier` guards, and"
        )
        assert status != 200 or response.json() == ids[name]
    table("courier", drop="scans:read")
    asking["name"] = "cem"
    what = "MAY allowed couriers 'scans:read' no longer, Cem asked, and"
    answered(await client.get("/elsewhere"), 403, what)
