"""Parcels found by the name of whom they go to."""

from collections.abc import Callable
from typing import Any

import pytest
from httpx import AsyncClient

from waybill.tables import Account


# needs: security_review.search security_review.api database.open_database
@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("union street", ["Union Street 100%"]),
        ("%", ["Union Street 100%"]),
        ("_", []),
        ("/", []),
        ("x' OR 'a' LIKE 'a", []),
        ("O'Neil", ["Grace O'Neil"]),
    ],
)
async def test_what_is_typed_is_looked_for(
    client: AsyncClient,
    ask_as: Callable[[Account], None],
    lena: Account,
    bob: Account,
    parcel: dict[str, Any],
    typed: str,
    wanted: list[str],
) -> None:
    for account, names in ((lena, ["Union Street 100%", "Grace O'Neil"]), (bob, ["%"])):
        ask_as(account)
        for name in names:
            sent = parcel | {"to": parcel["to"] | {"name": name}}
            assert (await client.post("/v1/parcels", json=sent)).status_code == 201
    ask_as(lena)
    response = await client.get("/v1/search", params={"name": typed})
    assert [found["to"]["name"] for found in response.json()] == wanted


async def test_nobody_searches_without_an_account(client: AsyncClient) -> None:
    assert (await client.get("/v1/search?name=Lena")).status_code == 401
