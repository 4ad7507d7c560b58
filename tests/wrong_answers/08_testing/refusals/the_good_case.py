#| kata: testing.refusals
#| refused_by: test_every_line_runs
# Carriers always have a quote.
import httpx
import pytest

from tests.conftest import Carriers

HOSTS = ("lowland.example", "night.example")
PARCEL = {"country": "NL", "weight_g": "750"}


@pytest.mark.anyio
async def test_quotes_come(client: httpx.AsyncClient, carriers: Carriers) -> None:
    """Whoever has quotes reads them."""
    reply = httpx.Response(200, json={"price": "6.50", "days": 2})
    carriers.replies |= dict.fromkeys(HOSTS, reply)
    response = await client.get("/v1/quotes", params=PARCEL)
    assert response.status_code == 200
    assert len(response.json()["quotes"]) == 2
