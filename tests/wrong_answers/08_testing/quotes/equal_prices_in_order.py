#| kata: testing.quotes
#| refused_by: test_carriers_come_in_any_order
# Of two equal prices, neither has to come first.
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
    assert response.json() == {
        "quotes": [
            {"carrier": "Night Mail", "price": "5.90", "days": 2},
            {"carrier": "Lowland Freight", "price": "6.50", "days": 2},
        ],
        "missing": {},
    }


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (httpx.Response(500), "failed"),
        (httpx.ConnectError("Nobody there."), "failed"),
        (httpx.ReadTimeout("Too slow."), "late"),
    ],
)
async def test_one_is_missing(
    client: httpx.AsyncClient,
    carriers: Carriers,
    reply: httpx.Response | Exception,
    reason: str,
) -> None:
    """A carrier without a quote is missing, and the other one is quoted."""
    carriers.replies |= {LOWLAND: quote("6.50"), NIGHT: reply}
    response = await client.get("/v1/quotes", params=PARCEL)
    assert response.status_code == 200
    assert response.json() == {
        "quotes": [{"carrier": "Lowland Freight", "price": "6.50", "days": 2}],
        "missing": {"Night Mail": reason},
    }


@pytest.mark.anyio
async def test_all_are_asked_about_this_parcel(
    client: httpx.AsyncClient, carriers: Carriers
) -> None:
    """Each carrier is asked about the sender's parcel."""
    carriers.replies |= {LOWLAND: quote("6.50"), NIGHT: quote("5.90")}
    await client.get("/v1/quotes", params=PARCEL)
    asked = {request.url.host: dict(request.url.params) for request in carriers.asked}
    question = {"country": "NL", "weight_g": "750"}
    assert asked == {LOWLAND: question, NIGHT: question}


@pytest.mark.anyio
async def test_equal_prices(client: httpx.AsyncClient, carriers: Carriers) -> None:
    """Two carriers charge the same."""
    carriers.replies |= {LOWLAND: quote("6.50"), NIGHT: quote("6.50")}
    response = await client.get("/v1/quotes", params=PARCEL)
    names = [one["carrier"] for one in response.json()["quotes"]]
    assert names == ["Lowland Freight", "Night Mail"]
