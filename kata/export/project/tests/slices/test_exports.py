"""Exports: everything you have, however much it is."""

import csv
import json
from collections.abc import Callable
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from httpx import AsyncClient

from waybill.database import Sessions
from waybill.exports import csv_line, parcel_batches
from waybill.tables import Account, Parcel


# needs: streaming.csv_line
@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "a;=1+1"])
def test_no_cell_is_a_formula(text: str) -> None:
    (row,) = csv.reader(StringIO(csv_line([text])), delimiter=";")
    assert not [cell for cell in row if cell.strip().startswith(("=", "+", "-", "@"))]


def test_other_cells_stay_as_they_are() -> None:
    (row,) = csv.reader(StringIO(csv_line(["Lena, Vogt", 'a "b"', Decimal("-1.50")])))
    assert row == ["Lena, Vogt", 'a "b"', "-1.50"]


# needs: database.open_database streaming.parcel_batches
async def hand_in(
    sessions: Sessions, owner: Account, parcel: dict[str, Any], codes: list[str]
) -> None:
    """Keep a parcel of somebody's for each code."""
    values = {**parcel, "owner_id": owner.id, "value": Decimal(parcel["value"])}
    async with sessions.begin() as session:
        session.add_all(Parcel(**values, tracking_code=code) for code in codes)


async def test_batches_hold_every_parcel_of_the_owner_once(
    sessions: Sessions, lena: Account, bob: Account, parcel: dict[str, Any]
) -> None:
    await hand_in(sessions, lena, parcel, ["A", "B", "C", "D", "E"])
    await hand_in(sessions, bob, parcel, ["X"])
    batches = [
        [one.tracking_code for one in batch]
        async for batch in parcel_batches(sessions, lena.id, size=2)
    ]
    assert batches == [["A", "B"], ["C", "D"], ["E"]]


# needs: database.open_database streaming.parcel_batches streaming.csv_line
# needs: streaming.csv_export streaming.api jwt.issue_token jwt.current_account
async def test_parcels_come_as_csv(
    client: AsyncClient,
    token_of: Callable[[Account], dict[str, str]],
    sessions: Sessions,
    lena: Account,
    parcel: dict[str, Any],
) -> None:
    await hand_in(sessions, lena, parcel, ["A", "B"])
    response = await client.get("/v1/exports/parcels.csv", headers=token_of(lena))
    assert response.headers["Content-Type"].startswith("text/csv")
    assert "attachment" in response.headers["Content-Disposition"]
    rows = [*csv.DictReader(StringIO(response.text))]
    assert [row["tracking_code"] for row in rows] == ["A", "B"]
    assert (rows[0]["city"], rows[0]["value"]) == ("Berlin", "19.90")


# needs: database.open_database streaming.parcel_batches streaming.exports streaming.api
# needs: jwt.issue_token jwt.current_account
async def test_parcels_come_as_json_lines(
    client: AsyncClient,
    token_of: Callable[[Account], dict[str, str]],
    sessions: Sessions,
    lena: Account,
    bob: Account,
    parcel: dict[str, Any],
) -> None:
    await hand_in(sessions, lena, parcel, ["A", "B"])
    path = "/v1/exports/parcels.jsonl"
    response = await client.get(path, headers=token_of(lena))
    rows = [json.loads(line) for line in response.text.splitlines()]
    assert [row["tracking_code"] for row in rows] == ["A", "B"]
    assert (await client.get(path, headers=token_of(bob))).text == ""
