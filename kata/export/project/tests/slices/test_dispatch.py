"""Dispatch: who carries what, who may do what, and the keys of depots."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import select

from waybill.database import Sessions
from waybill.keys import find_key, make_key
from waybill.promote import promote
from waybill.tables import Account, ApiKey, Assignment, Role, now

SCAN = {"depot": "BER", "kind": "arrived", "at": "2026-03-02T09:00:00+01:00"}


# needs: database.open_database permissions.api permissions.dispatch
# needs: dependencies.current_account models.parcel_create
@pytest.fixture
async def numbers(
    client: AsyncClient,
    ask_as: Callable[[Account], None],
    lena: Account,
    parcel: dict[str, Any],
) -> list[int]:
    """The ids of three parcels of Lena's, which nobody carries."""
    ask_as(lena)
    answers = [await client.post("/v1/parcels", json=parcel) for _ in range(3)]
    return [one.json()["id"] for one in answers]


async def given(
    client: AsyncClient, number: int, courier: Account, status: int = 204
) -> None:
    """Give a parcel to a courier."""
    path, body = f"/v1/dispatch/parcels/{number}/courier", {"courier_id": courier.id}
    assert (await client.put(path, json=body)).status_code == status


async def test_a_courier_sees_what_they_carry_and_a_dispatcher_all(
    client: AsyncClient,
    ask_as: Callable[[Account], None],
    numbers: list[int],
    lena: Account,
    courier: Account,
    dispatcher: Account,
) -> None:
    ask_as(dispatcher)
    await given(client, numbers[1], courier)
    await given(client, numbers[2], lena, 409)
    jobs = (await client.get("/v1/dispatch/parcels")).json()
    assert [one["id"] for one in jobs] == numbers
    assert [one["courier_id"] for one in jobs] == [None, courier.id, None]
    page = {"limit": 1, "after": numbers[0]}
    (job,) = (await client.get("/v1/dispatch/parcels", params=page)).json()
    assert job["id"] == numbers[1]
    assert "value" not in job
    ask_as(courier)
    assert (await client.get("/v1/dispatch/parcels")).json() == [job]
    await given(client, numbers[0], courier, 403)
    ask_as(lena)
    assert (await client.get("/v1/dispatch/parcels")).status_code == 403


async def test_of_many_dispatchers_the_last_one_counts(
    client: AsyncClient,
    ask_as: Callable[[Account], None],
    numbers: list[int],
    sessions: Sessions,
    courier: Account,
    dispatcher: Account,
) -> None:
    async with sessions.begin() as session:
        other = Account(email="other@example.com", role=Role.COURIER)
        session.add(other)
    ask_as(dispatcher)
    couriers = [courier, other] * 3
    await asyncio.gather(*(given(client, numbers[0], one) for one in couriers))
    async with sessions() as session:
        rows = (await session.scalars(select(Assignment))).all()
    assert len(rows) == 1
    assert rows[0].courier_id in {courier.id, other.id}


async def test_a_parcel_that_somebody_carries_can_not_be_withdrawn(
    client: AsyncClient,
    ask_as: Callable[[Account], None],
    numbers: list[int],
    lena: Account,
    courier: Account,
    dispatcher: Account,
) -> None:
    ask_as(dispatcher)
    await given(client, numbers[0], courier)
    ask_as(lena)
    path, seen = f"/v1/parcels/{numbers[0]}", {"If-Match": '"0"'}
    assert (await client.delete(path, headers=seen)).status_code in (404, 405, 409)
    assert (await client.get(path)).status_code == 200


async def test_the_docs_say_what_a_route_needs(app: FastAPI) -> None:
    operation = app.openapi()["paths"]["/v1/dispatch/parcels"]["get"]
    (needed,) = operation["security"]
    assert needed == {"OAuth2PasswordBearer": ["parcels:list"]}


# needs: database.open_database permissions.api permissions.dispatch permissions.scan
# needs: dependencies.current_account models.parcel_create
async def test_a_courier_scans_what_they_carry_and_learns_nothing_of_the_rest(
    client: AsyncClient,
    ask_as: Callable[[Account], None],
    numbers: list[int],
    lena: Account,
    courier: Account,
    dispatcher: Account,
) -> None:
    ask_as(dispatcher)
    await given(client, numbers[0], courier)
    ask_as(courier)
    path = f"/v1/parcels/{numbers[0]}/scans"
    assert (await client.post(path, json=SCAN)).status_code == 201
    others = [
        await client.post(f"/v1/parcels/{number}/scans", json=body)
        for number in (numbers[1], 2**63 - 1)
        for body in (SCAN, {})
    ]
    assert [one.status_code for one in others] == [404] * 4
    assert len({one.text for one in others}) == 1
    ask_as(lena)
    assert (await client.post(path, json=SCAN)).status_code == 403


async def test_a_parcel_has_room_for_so_many_scans(
    client: AsyncClient,
    ask_as: Callable[[Account], None],
    numbers: list[int],
    dispatcher: Account,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("waybill.parcels.MOST_SCANS", 3)
    ask_as(dispatcher)
    path = f"/v1/parcels/{numbers[0]}/scans"
    bodies = [SCAN | {"depot": depot} for depot in ("AAA", "BBB", "CCC", "DDD", "EEE")]
    sent = [await client.post(path, json=body) for body in bodies]
    assert [one.status_code for one in sent] == [201] * 3 + [409] * 2


# needs: database.open_database permissions.api permissions.accounts jwt.issue_token
# needs: jwt.current_account jwt.read_me
async def test_a_role_counts_at_once_and_a_closed_account_is_out(
    client: AsyncClient,
    token_of: Callable[[Account], dict[str, str]],
    lena: Account,
    dispatcher: Account,
) -> None:
    hers, his = token_of(lena), token_of(dispatcher)
    path = f"/v1/dispatch/accounts/{lena.id}"

    async def changed(body: dict[str, Any], status: int = 200) -> None:
        response = await client.patch(path, json=body, headers=his)
        assert response.status_code == status

    jobs = "/v1/dispatch/parcels"
    assert (await client.get(jobs, headers=hers)).status_code == 403
    await changed({"role": "courier"})
    assert (await client.get(jobs, headers=hers)).status_code == 200
    await changed({"email": "a@b.example"}, 422)
    await changed({"active": None}, 422)
    await changed({"active": False})
    assert (await client.get("/v1/me", headers=hers)).status_code == 401
    path = f"/v1/dispatch/accounts/{dispatcher.id}"
    await changed({"role": "sender"}, 409)
    assert (await client.patch(path, json={}, headers=hers)).status_code == 401


# needs: database.open_database permissions.promote
async def test_the_first_dispatcher_is_made_by_hand(
    sessions: Sessions, lena: Account, bob: Account
) -> None:
    async with sessions.begin() as session:
        assert not await promote(session, "%@example.com")
        assert await promote(session, "Lena@Example.com")
    async with sessions() as session:
        assert (await session.get_one(Account, lena.id)).role is Role.DISPATCHER
        assert (await session.get_one(Account, bob.id)).role is Role.SENDER


# needs: database.open_database permissions.keys
async def test_a_key_is_kept_as_a_hash(sessions: Sessions) -> None:
    key, row = make_key("BER")
    other, _never_stored = make_key("BER")
    async with sessions.begin() as session:
        session.add(row)
    assert row.hash not in key
    assert row.prefix in key
    async with sessions() as session:
        found = await find_key(session, key)
        assert found is not None
        for wrong in (other, row.hash, f"{key}\n", f"{key[:-1]}\0", "", "🔑" * 63):
            assert await find_key(session, wrong) is None
        found.revoked_at = now()
        await session.commit()
    async with sessions() as session:
        assert await find_key(session, key) is None


# needs: database.open_database permissions.api permissions.dispatch permissions.keys
# needs: permissions.depot permissions.scan dependencies.current_account
# needs: models.parcel_create
async def test_a_depots_scanner_scans_until_its_key_is_revoked(
    client: AsyncClient,
    ask_as: Callable[[Account], None],
    numbers: list[int],
    lena: Account,
    dispatcher: Account,
    sessions: Sessions,
) -> None:
    ask_as(dispatcher)
    made = (await client.post("/v1/dispatch/keys", json={"depot": "HAM"})).json()
    shown = {"Authorization": f"Bearer {made['key']}"}
    ask_as(lena)
    code = (await client.get(f"/v1/parcels/{numbers[0]}")).json()["tracking_code"]
    scan = {"tracking_code": code, "kind": "arrived", "at": SCAN["at"]}

    unknown = scan | {"tracking_code": "WB0"}
    response = await client.post("/v1/scans", json=unknown, headers=shown)
    assert response.status_code == 404
    async with sessions() as session:
        assert (await session.get_one(ApiKey, made["prefix"])).last_used is not None
    response = await client.post("/v1/scans", json=scan, headers=shown)
    assert (response.status_code, response.json()["depot"]) == (201, "HAM")
    response = await client.post("/v1/scans", json=scan | {"depot": "BER"})
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"

    ask_as(dispatcher)
    listed = await client.get("/v1/dispatch/keys")
    assert [one["depot"] for one in listed.json()] == ["HAM"]
    assert made["key"] not in listed.text
    await client.delete(f"/v1/dispatch/keys/{made['prefix']}")
    response = await client.post("/v1/scans", json=scan, headers=shown)
    assert response.status_code == 401


async def test_many_scanners_at_once(
    client: AsyncClient,
    ask_as: Callable[[Account], None],
    numbers: list[int],
    lena: Account,
    dispatcher: Account,
) -> None:
    ask_as(dispatcher)
    made = (await client.post("/v1/dispatch/keys", json={"depot": "HAM"})).json()
    shown = {"Authorization": f"Bearer {made['key']}"}
    ask_as(lena)
    code = (await client.get(f"/v1/parcels/{numbers[0]}")).json()["tracking_code"]
    scan = {"tracking_code": code, "kind": "arrived", "at": SCAN["at"]}
    sent = (client.post("/v1/scans", json=scan, headers=shown) for _ in range(20))
    statuses = sorted(one.status_code for one in await asyncio.gather(*sent))
    assert statuses == [201] + [409] * 19


# needs: database.open_database permissions.keys permissions.api permissions.dispatch
# needs: jwt.issue_token jwt.current_account
async def test_a_key_is_no_token(client: AsyncClient, sessions: Sessions) -> None:
    key, row = make_key("BER")
    async with sessions.begin() as session:
        session.add(row)
    shown = {"Authorization": f"Bearer {key}"}
    for path in ("/v1/parcels", "/v1/dispatch/parcels"):
        assert (await client.get(path, headers=shown)).status_code == 401
