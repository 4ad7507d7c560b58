"""Checks of permissions.dispatch: who reads which parcels, and who shares them out."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fastapi import FastAPI

if TYPE_CHECKING:
    from waybill.tables import Parcel

Answered = Callable[..., None]
Rows = Callable[..., list[Any]]
NUMBERS = (31, 7, 12, 8, 23, 9, 22, 40)  # in this order they were handed in
CARRIED = {7: "cem", 8: "kim", 12: "cem", 9: "kim", 22: "kim", 31: "cem"}
"""Who carries which parcel; nobody carries the other ones. 23 is Cem's id."""
FIELDS = {"id", "tracking_code", "to", "weight_g", "courier_id"}


@pytest.fixture
async def app(
    keep: Callable[..., Awaitable[None]],
    known: dict[str, Any],  # noqa: ARG001  # used for what it does
    ids: dict[str, int],
    parcel: "Callable[..., Parcel]",
    mount: Callable[..., FastAPI],
    asking: dict[str, str],
) -> FastAPI:
    """An app with the parcels; Dora asks, unless a check says otherwise."""
    from waybill import dispatch
    from waybill.tables import Assignment

    owners = ("lena", "cem", "bob")  # a courier may send a parcel, too
    made = [
        parcel(number, owners[i % 3], weight_g=100 + number)
        for i, number in enumerate(NUMBERS)
    ]
    carried = [
        Assignment(parcel_id=number, courier_id=ids[name])
        for number, name in CARRIED.items()
    ]
    await keep(*made, *carried)
    asking["name"] = "dora"
    return mount(dispatch.router)


def carried_by(name: str) -> list[int]:
    """Return the parcels that somebody carries, the lowest id first."""
    return sorted(number for number, who in CARRIED.items() if who == name)


# - `GET /dispatch/parcels` needs the scope `"parcels:list"`: a sender is answered 403.
async def test_a_sender_may_not(
    client: httpx.AsyncClient,
    asking: dict[str, str],
    answered: Answered,
    table: Callable[..., None],
) -> None:
    """A sender is answered 403, and so is a role without `parcels:list`."""
    asking["name"] = "lena"
    advice = "`Security` takes the scopes that a route needs."
    what = "Lena, a sender, asked for /dispatch/parcels, and"
    answered(await client.get("/dispatch/parcels"), 403, what, advice)
    for name, role in (("cem", "courier"), ("dora", "dispatcher")):
        asking["name"] = name
        what = f"{name.title()}, a {role}, asked for /dispatch/parcels, and"
        answered(await client.get("/dispatch/parcels"), 200, what, advice)
        table(role, drop="parcels:list")
        what = (
            f"MAY allowed a {role} 'parcels:list' no longer, {name.title()} asked, and"
        )
        answered(await client.get("/dispatch/parcels"), 403, what)


# - Whoever may do `"parcels:any"` reads all parcels, with the id of each courier, or
# null.
async def test_a_dispatcher_reads_all(
    client: httpx.AsyncClient, ids: dict[str, int], answered: Answered
) -> None:
    """A dispatcher reads all parcels, with the id of each courier, or null."""
    response = await client.get("/dispatch/parcels")
    answered(response, 200, "Dora, a dispatcher, asked for all parcels, and")
    found = {one["id"]: one["courier_id"] for one in response.json()}
    wanted = {number: ids.get(CARRIED.get(number, "")) for number in sorted(NUMBERS)}
    assert found == wanted, (
        f"Dora read the parcels, each with its courier: {found}. They are {wanted}. "
        "`outerjoin` keeps those that have no courier."
    )
    (seven,) = [one for one in response.json() if one["id"] == 7]
    assert {*seven} == FIELDS, f"A parcel has the fields {sorted(seven)}."
    said = (seven["tracking_code"], seven["weight_g"], seven["to"]["city"])
    assert said == ("WB7", 107, "Berlin"), f"Parcel 7 is said to be {seven}."


# - Everybody else reads the parcels that they carry, and no other one.
@pytest.mark.parametrize("name", ["cem", "kim"])
async def test_a_courier_reads_their_own(
    client: httpx.AsyncClient, asking: dict[str, str], ids: dict[str, int], name: str
) -> None:
    """A courier reads the parcels that they carry, and no other one."""
    asking["name"] = name
    jobs = (await client.get("/dispatch/parcels")).json()
    found = sorted(one["id"] for one in jobs)  # their order comes below
    assert found == carried_by(name), (
        f"{name.title()} carries {carried_by(name)}, and read {found}."
    )
    assert {one["courier_id"] for one in jobs} == {ids[name]}


async def test_an_unthought_of_role_reads_their_own(
    client: httpx.AsyncClient, asking: dict[str, str], table: Callable[..., None]
) -> None:
    """Any other role that may list reads what it carries at most, which is nothing."""
    table("sender", add="parcels:list")
    asking["name"] = "lena"
    found = [one["id"] for one in (await client.get("/dispatch/parcels")).json()]
    assert not found, (
        "MAY allowed senders 'parcels:list'. Lena carries nothing, and read parcels "
        f"{found}. Leave the filter out for 'parcels:any' alone."
    )


# - Whoever may do `"parcels:any"` reads all parcels, with the id of each courier, or
# null.
async def test_the_table_says_who_reads_all(
    client: httpx.AsyncClient, asking: dict[str, str], table: Callable[..., None]
) -> None:
    """It is the table that is asked for `parcels:any`, and no role."""
    table("courier", add="parcels:any")
    table("dispatcher", drop="parcels:any")
    for name, wanted in (("cem", {*NUMBERS}), ("dora", set[int]())):
        asking["name"] = name
        found = {one["id"] for one in (await client.get("/dispatch/parcels")).json()}
        assert found == wanted, (
            "MAY allowed 'parcels:any' to couriers, and to dispatchers no longer. "
            f"{name.title()} read {len(found)} parcels instead of {len(wanted)}. Ask "
            "`may`, and not for a role."
        )


# - A page holds up to `limit` parcels with an id above `after`, the lowest id first.
@pytest.mark.parametrize("name", ["dora", "cem", "kim"])
@pytest.mark.parametrize(
    ("limit", "after"), [(2, 0), (2, 8), (1, 7), (100, 12), (3, 40)]
)
async def test_a_page(
    client: httpx.AsyncClient,
    asking: dict[str, str],
    name: str,
    limit: int,
    after: int,
) -> None:
    """A page holds up to `limit` parcels above `after`, counted after the filter."""
    asking["name"] = name
    mine = sorted(NUMBERS) if name == "dora" else carried_by(name)
    wanted = [number for number in mine if number > after][:limit]
    page = {"limit": limit, "after": after}
    response = await client.get("/dispatch/parcels", params=page)
    found = [one["id"] for one in response.json()]
    advice = "Filter, order and limit belong into the query."
    if sorted(found) == wanted:
        advice = "These are the right ones; put the lowest id first."
    elif after in found:
        advice = f"The id {after} isn't above {after}."
    assert found == wanted, (
        f"{name.title()} may see {mine}, and asked for {page}: {found} came instead of "
        f"{wanted}. {advice}"
    )


async def test_twenty_unless_told(
    client: httpx.AsyncClient,
    keep: Callable[..., Awaitable[None]],
    parcel: "Callable[..., Parcel]",
) -> None:
    """Without a limit a page holds 20, and a limit of 0 is refused."""
    await keep(*[parcel(number) for number in range(100, 120)])
    found = (await client.get("/dispatch/parcels")).json()
    assert len(found) == 20, f"28 parcels are there, and a page held {len(found)}."
    response = await client.get("/dispatch/parcels", params={"limit": 0})
    assert response.status_code == 422, "A limit of 0 was taken; `page` is a PageQuery."


# - It takes one query, besides the one for the account.
@pytest.mark.parametrize("name", ["dora", "cem"])
async def test_one_query(
    client: httpx.AsyncClient, asking: dict[str, str], queries: list[str], name: str
) -> None:
    """It takes one query, besides the one for the account, however many there are."""
    asking["name"] = name
    queries.clear()
    await client.get("/dispatch/parcels")
    found = [one for one in queries if "FROM accounts" not in one]
    assert len(found) == 1, (
        f"A page took {len(found)} queries besides the one for the account. The join "
        "brings the courier along."
    )
    for part in ("ORDER BY", "LIMIT"):
        assert part in found[0], f"The query has no {part}: {found[0]}."


# - `PUT /dispatch/parcels/{parcel_id}/courier`, which is given, lets dispatchers alone
# choose a courier.
async def test_a_dispatcher_assigns(
    client: httpx.AsyncClient, rows: Rows, answered: Answered
) -> None:
    """A dispatcher chooses a courier, who replaces the one before."""
    carried = dict(rows("SELECT parcel_id, courier_id FROM assignments"))
    for number in (7, 40):
        for courier in (41, 23, 23, 41):
            url = f"/dispatch/parcels/{number}/courier"
            response = await client.put(url, json={"courier_id": courier})
            answered(response, 204, f"Dora gave parcel {number} to {courier}, and")
            carried[number] = courier
            found = dict(rows("SELECT parcel_id, courier_id FROM assignments"))
            assert found == carried, (
                f"Dora gave parcel {number} to courier {courier}. By parcel, the "
                f"couriers should be {carried}, and they are {found}."
            )


@pytest.mark.parametrize("name", ["lena", "cem"])
async def test_nobody_else_assigns(
    client: httpx.AsyncClient,
    asking: dict[str, str],
    rows: Rows,
    answered: Answered,
    name: str,
) -> None:
    """A courier or a sender gives a parcel to nobody."""
    asking["name"] = name
    before = rows("SELECT * FROM assignments ORDER BY 1")
    for number in (8, 40, 99_999):
        url = f"/dispatch/parcels/{number}/courier"
        response = await client.put(url, json={"courier_id": 23})
        answered(response, 403, f"{name.title()} gave parcel {number} to Cem, and")
    assert rows("SELECT * FROM assignments ORDER BY 1") == before


@pytest.mark.parametrize(
    ("number", "body", "status"),
    [
        (99_999, {"courier_id": 23}, 404),
        (7, {"courier_id": 57}, 409),  # a closed account
        (7, {"courier_id": 311}, 409),  # a sender
        (7, {"courier_id": 22}, 409),
        (7, {"courier_id": 99_999}, 409),
        (7, {"courier_id": 23, "owner_id": 17}, 422),
        (7, {"courier_id": 2**63}, 422),
        (7, {}, 422),
    ],
)
async def test_what_can_not_be_assigned(
    client: httpx.AsyncClient,
    rows: Rows,
    answered: Answered,
    number: int,
    body: dict[str, int],
    status: int,
) -> None:
    """Only an active courier is given a parcel that exists."""
    before = rows("SELECT * FROM assignments ORDER BY 1")
    response = await client.put(f"/dispatch/parcels/{number}/courier", json=body)
    answered(response, status, f"PUT /dispatch/parcels/{number}/courier with {body}")
    assert rows("SELECT * FROM assignments ORDER BY 1") == before
