#| kata: testing.refusals
#| refused_by: test_any_for_all_is_red
# All lines run, and nobody mixes the two.
import httpx
import pytest

from tests.conftest import Carriers

HOSTS = ("lowland.example", "night.example")
PARCEL = {"country": "NL", "weight_g": "750"}
FAILED = httpx.Response(500)
LATE = httpx.ReadTimeout("Too slow.")


@pytest.mark.anyio
async def test_quotes_come(client: httpx.AsyncClient, carriers: Carriers) -> None:
    """Whoever has quotes reads them."""
    reply = httpx.Response(200, json={"price": "6.50", "days": 2})
    carriers.replies |= dict.fromkeys(HOSTS, reply)
    response = await client.get("/v1/quotes", params=PARCEL)
    assert response.status_code == 200
    assert len(response.json()["quotes"]) == 2


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("lowland", "night", "status"),
    [(LATE, LATE, 504), (FAILED, FAILED, 502)],
)
async def test_nobody_has_a_quote(
    client: httpx.AsyncClient,
    carriers: Carriers,
    lowland: httpx.Response | Exception,
    night: httpx.Response | Exception,
    status: int,
) -> None:
    """Without quotes the status says whether it pays to ask again."""
    carriers.replies |= dict(zip(HOSTS, (lowland, night), strict=True))
    response = await client.get("/v1/quotes", params=PARCEL)
    assert response.status_code == status
