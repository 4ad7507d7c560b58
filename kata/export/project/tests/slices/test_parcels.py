"""Parcels: handed in, read, listed and scanned."""

import logging
from collections.abc import Callable
from inspect import isasyncgenfunction
from typing import Any

import pytest
from httpx import AsyncClient
from sqlalchemy import event

from waybill.api import access_log
from waybill.database import Sessions
from waybill.tables import Account

SCAN = {"depot": "BER", "kind": "arrived", "at": "2026-03-02T09:00:00+01:00"}


# needs: database.open_database dependencies.own_parcel dependencies.access_log
async def test_a_parcel_gets_a_tracking_code_and_can_be_read(
    client: AsyncClient,
    ask_as: Callable[[Account], None],
    lena: Account,
    parcel: dict[str, Any],
) -> None:
    ask_as(lena)
    response = await client.post("/v1/parcels", json=parcel)
    assert response.status_code == 201
    kept = response.json()
    assert kept["tracking_code"].startswith("WB")
    assert {name: kept[name] for name in parcel} == parcel
    other = (await client.post("/v1/parcels", json=parcel)).json()
    assert other["tracking_code"] != kept["tracking_code"]
    response = await client.get(f"/v1/parcels/{kept['id']}")
    assert response.json() == kept


async def test_somebody_elses_parcel_is_not_there(
    client: AsyncClient,
    ask_as: Callable[[Account], None],
    lena: Account,
    bob: Account,
    parcel: dict[str, Any],
) -> None:
    ask_as(lena)
    kept = (await client.post("/v1/parcels", json=parcel)).json()
    ask_as(bob)
    for number in (kept["id"], kept["id"] + 1, 2**63 - 1):
        response = await client.get(f"/v1/parcels/{number}")
        assert response.status_code == 404
        assert response.json()["detail"] == "You have no such parcel."


@pytest.mark.parametrize("number", ["0", "-1", str(2**63), "one"])
async def test_a_number_that_no_parcel_can_have_is_refused(
    number: str, client: AsyncClient, ask_as: Callable[[Account], None], lena: Account
) -> None:
    ask_as(lena)
    assert (await client.get(f"/v1/parcels/{number}")).status_code == 422


async def test_the_log_says_who_asked_for_what(
    client: AsyncClient,
    ask_as: Callable[[Account], None],
    lena: Account,
    caplog: pytest.LogCaptureFixture,
) -> None:
    ask_as(lena)
    with caplog.at_level(logging.INFO, "waybill.access"):
        await client.get("/v1/parcels/1%0Aforged")
        await client.get("/v1/parcels/1")
    lines = [record.getMessage() for record in caplog.records]
    if isasyncgenfunction(access_log):  # else a request's own line says who asked
        assert len([line for line in lines if "lena@example.com" in line]) == 2
    assert not [line for line in lines if "\n" in line]


# needs: database.open_database dependencies.access_log dependencies.list_parcels
async def test_a_list_holds_ones_own_a_page_at_a_time(
    client: AsyncClient,
    ask_as: Callable[[Account], None],
    lena: Account,
    bob: Account,
    parcel: dict[str, Any],
) -> None:
    ask_as(lena)
    numbers = [
        (await client.post("/v1/parcels", json=parcel)).json()["id"] for _ in range(3)
    ]
    response = await client.get("/v1/parcels", params={"limit": 2})
    assert [one["id"] for one in response.json()] == numbers[:2]
    after = {"limit": 2, "after": numbers[1]}
    response = await client.get("/v1/parcels", params=after)
    assert [one["id"] for one in response.json()] == numbers[2:]
    assert (await client.get("/v1/parcels", params={"limit": 101})).status_code == 422
    ask_as(bob)
    assert (await client.get("/v1/parcels")).json() == []


async def test_a_list_takes_two_queries_however_long_it_is(
    client: AsyncClient,
    ask_as: Callable[[Account], None],
    sessions: Sessions,
    lena: Account,
    parcel: dict[str, Any],
) -> None:
    ask_as(lena)
    for _ in range(4):
        await client.post("/v1/parcels", json=parcel)
    engine = sessions.kw["bind"].sync_engine
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    await client.get("/v1/parcels")
    event.remove(engine, "before_cursor_execute", note)
    assert len([text for text in asked if text.startswith("SELECT")]) == 2


# needs: database.open_database dependencies.access_log dependencies.list_parcels
# needs: dependencies.add_scan
async def test_a_dispatcher_scans_a_parcel_and_its_owner_sees_it(
    client: AsyncClient,
    ask_as: Callable[[Account], None],
    lena: Account,
    dispatcher: Account,
    parcel: dict[str, Any],
) -> None:
    ask_as(lena)
    path = f"/v1/parcels/{(await client.post('/v1/parcels', json=parcel)).json()['id']}"
    assert (await client.post(f"{path}/scans", json=SCAN)).status_code == 403
    ask_as(dispatcher)
    assert (await client.post(f"{path}/scans", json=SCAN)).status_code == 201
    assert (await client.post(f"{path}/scans", json=SCAN)).status_code == 409
    response = await client.post("/v1/parcels/999/scans", json=SCAN)
    assert response.status_code == 404
    ask_as(lena)
    (seen,) = (await client.get("/v1/parcels")).json()
    assert [(one["depot"], one["kind"]) for one in seen["scans"]] == [
        ("BER", "arrived")
    ]
