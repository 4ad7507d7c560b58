#| kata: testing.quotes
#| refused_by: test_another_order_is_red
# Compares nothing but the status.
import httpx
import pytest

from tests.conftest import Carriers

LOWLAND, NIGHT = "lowland.example", "night.example"
PARCEL = {"country": "NL", "weight_g": "750"}


def quote(price: str) -> httpx.Response:
    """Return what a carrier replies that has a quote."""
    return httpx.Response(200, json={"price": price, "days": 2})


@pytest.mark.anyio
async def test_all_have_a_quote(client: httpx.AsyncClient, carriers: Carriers) -> None:
    """All carriers are quoted, the cheapest one first."""
    carriers.replies |= {LOWLAND: quote("6.50"), NIGHT: quote("5.90")}
    response = await client.get("/v1/quotes", params=PARCEL)
    assert response.status_code == 200


@pytest.mark.anyio
@pytest.mark.parametrize("reply", [httpx.Response(500)])
async def test_one_is_missing(
    client: httpx.AsyncClient, carriers: Carriers, reply: httpx.Response
) -> None:
    """A carrier without a quote is missing, and the other one is quoted."""
    carriers.replies |= {LOWLAND: quote("6.50"), NIGHT: reply}
    response = await client.get("/v1/quotes", params=PARCEL)
    assert response.status_code == 200
