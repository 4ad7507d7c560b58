"""Operations: parcels changed and withdrawn, and what depots have scanned."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from httpx import AsyncClient
from sqlalchemy import event, func, select

from waybill.database import Sessions
from waybill.repository import Changes, RefusedError, Repository
from waybill.schemas import ScanKind
from waybill.tables import Account, Change, Parcel, Scan

MOMENT = datetime(2026, 3, 2, 9, tzinfo=UTC)


# needs: database.open_database repository.api models.parcel_create
# needs: dependencies.current_account
@pytest.fixture
async def path(
    client: AsyncClient,
    ask_as: Callable[[Account], None],
    lena: Account,
    parcel: dict[str, Any],
) -> str:
    """Where Lena's parcel is, which nobody has changed or scanned."""
    ask_as(lena)
    number = (await client.post("/v1/parcels", json=parcel)).json()["id"]
    return f"/v1/parcels/{number}"


def seen(version: int) -> dict[str, str]:
    """Return the header of somebody who has seen this version."""
    return {"If-Match": f'"{version}"'}


async def scanned(sessions: Sessions, path: str, at: datetime, depot: str) -> None:
    """Let a courier scan a parcel."""
    number = int(path.rpartition("/")[2])
    kind = ScanKind.ARRIVED
    async with sessions.begin() as session:
        session.add(Scan(parcel_id=number, depot=depot, kind=kind, at=at))


async def test_what_is_sent_changes_and_has_a_new_version(
    client: AsyncClient, path: str, parcel: dict[str, Any]
) -> None:
    assert (await client.get(path)).headers["ETag"] == '"0"'
    response = await client.patch(path, json={"value": "5.1"}, headers=seen(0))
    assert (response.status_code, response.headers["ETag"]) == (200, '"1"')
    read = await client.get(path)
    assert read.json() == response.json()
    assert read.headers["ETag"] == '"1"'
    kept = {name: read.json()[name] for name in parcel}
    assert kept == parcel | {"value": "5.10"}


@pytest.mark.parametrize(
    ("header", "status"),
    [(None, 428), ('"1"', 412), ("0", 412), ('W/"0"', 412), ("*", 412)],
)
async def test_only_the_newest_version_may_be_changed(
    client: AsyncClient, path: str, header: str | None, status: int
) -> None:
    headers = {"If-Match": header} if header else {}
    before = (await client.get(path)).json()
    response = await client.patch(path, json={"weight_g": 9}, headers=headers)
    assert response.status_code == status
    assert isinstance(response.json()["detail"], str)
    assert (await client.get(path)).json() == before


async def test_of_many_who_have_seen_one_version_one_wins(
    client: AsyncClient, path: str, sessions: Sessions
) -> None:
    answers = await asyncio.gather(
        *(
            client.patch(path, json={"weight_g": 100 + i}, headers=seen(0))
            for i in range(6)
        )
    )
    assert sorted(one.status_code for one in answers) == [200] + [412] * 5
    (winner,) = [one for one in answers if one.status_code == 200]
    assert (await client.get(path)).json() == winner.json()
    async with sessions() as session:
        assert await session.scalar(select(func.count(Change.number))) == 1


async def test_somebody_elses_parcel_can_not_be_changed(
    client: AsyncClient, path: str, ask_as: Callable[[Account], None], bob: Account
) -> None:
    ask_as(bob)
    response = await client.patch(path, json={"weight_g": 9}, headers=seen(0))
    assert response.status_code == 404
    assert (await client.get(f"{path}/changes")).status_code == 404


async def test_a_parcel_on_its_way_stays_as_it_is(
    client: AsyncClient, path: str, sessions: Sessions
) -> None:
    await scanned(sessions, path, MOMENT, "BER")
    response = await client.patch(path, json={"weight_g": 9}, headers=seen(0))
    assert response.status_code == 409
    assert (await client.get(path)).headers["ETag"] == '"0"'


async def test_a_history_names_everybody_in_one_query(
    client: AsyncClient, path: str, sessions: Sessions
) -> None:
    number = int(path.rpartition("/")[2])
    async with sessions.begin() as session:
        people = [Account(email=f"{i}@example.com") for i in range(9)]
        session.add_all(people)
        await session.flush()
        changes = Repository(session, Change)
        for i, one in enumerate(people, 1):
            change = Change(parcel_id=number, number=i, account_id=one.id)
            await changes.add(change)
    engine = sessions.kw["bind"].sync_engine
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    response = await client.get(f"{path}/changes", params={"limit": 3, "after": 4})
    event.remove(engine, "before_cursor_execute", note)
    by = [(one["number"], one["by"]) for one in response.json()]
    assert by == [(i, f"{i - 1}@example.com") for i in (5, 6, 7)]
    assert len([text for text in asked if "FROM changes" in text]) == 1
    assert len(asked) <= 2  # the other one is for the parcel


async def test_a_number_that_is_taken_is_refused(path: str, sessions: Sessions) -> None:
    number = int(path.rpartition("/")[2])
    async with sessions() as session:
        owner = await session.scalar(select(Parcel.owner_id))
        assert owner is not None
        first, second = (
            Change(parcel_id=number, number=1, account_id=owner) for _ in range(2)
        )
        await Changes(session).add(first)
        session.expunge(first)
        with pytest.raises(RefusedError):
            await Changes(session).add(second)


# needs: database.open_database repository.api repository.withdraw
async def test_a_parcel_goes_with_its_changes_and_its_number_is_not_given_again(
    client: AsyncClient, path: str, parcel: dict[str, Any], sessions: Sessions
) -> None:
    await client.patch(path, json={"weight_g": 9}, headers=seen(0))
    assert (await client.delete(path)).status_code == 428
    assert (await client.delete(path, headers=seen(0))).status_code == 412
    assert (await client.delete(path, headers=seen(1))).status_code == 204
    assert (await client.get(path)).status_code == 404
    async with sessions() as session:
        assert await session.scalar(select(func.count(Change.number))) == 0
    new = (await client.post("/v1/parcels", json=parcel)).json()["id"]
    assert new > int(path.rpartition("/")[2])


async def test_of_changes_and_withdrawals_one_wins(
    client: AsyncClient, path: str
) -> None:
    answers = await asyncio.gather(
        *(
            client.request(method, path, json={"weight_g": 9}, headers=seen(0))
            for method in ("PATCH", "DELETE") * 3
        )
    )
    statuses = sorted(one.status_code for one in answers)
    assert statuses[0] in (200, 204)
    assert set(statuses[1:]) <= {404, 412}  # 404 to who asks when it is gone


async def test_a_scan_keeps_its_parcel(
    client: AsyncClient, path: str, sessions: Sessions
) -> None:
    await scanned(sessions, path, MOMENT, "BER")
    assert (await client.delete(path, headers=seen(0))).status_code == 409
    response = await client.get(path)
    assert (response.status_code, response.headers["ETag"]) == (200, '"0"')


# needs: database.open_database repository.api repository.depot_scans
async def test_links_lead_through_a_depots_scans_while_new_ones_come(
    client: AsyncClient,
    path: str,
    sessions: Sessions,
    ask_as: Callable[[Account], None],
    courier: Account,
    lena: Account,
) -> None:
    for i in range(5):
        await scanned(sessions, path, MOMENT.replace(hour=i), "BER")
    await scanned(sessions, path, MOMENT, "HAM")
    ask_as(courier)
    url: str | None = "/v1/depots/BER/scans?limit=2"
    hours: list[int] = []
    while url:
        response = await client.get(url, headers={"Host": "elsewhere.example"})
        page = [datetime.fromisoformat(one["at"]).hour for one in response.json()]
        assert len(page) in (1, 2)
        hours += page
        await scanned(sessions, path, MOMENT.replace(hour=10 + len(hours)), "BER")
        url = response.links.get("next", {}).get("url")
        assert url is None or url.startswith("/v1/")
    assert hours == [4, 3, 2, 1, 0]
    ask_as(lena)
    assert (await client.get("/v1/depots/BER/scans")).status_code == 403
