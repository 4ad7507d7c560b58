"""How often one caller may ask."""

import pytest
from fastapi.requests import HTTPConnection
from httpx import ASGITransport, AsyncClient
from pydantic import SecretStr

from waybill.app import create_app
from waybill.limits import FixedWindow, Limit, TokenBucket, caller
from waybill.settings import Settings
from waybill.tables import now
from waybill.tokens import issue_token

KEY = SecretStr("k" * 32)


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        """Return what it shows."""
        return self.seconds


# needs: rate_limiting.fixed_window
async def test_a_window_lets_so_many_pass_and_then_the_next_one_does() -> None:
    clock = Clock()
    window = FixedWindow(Limit(2, 10), clock)
    assert [(await window.hit("lena")).allowed for _ in range(3)] == [True, True, False]
    assert (await window.hit("bob")).allowed
    clock.seconds += 10
    assert (await window.hit("lena")).allowed


# needs: rate_limiting.token_bucket
async def test_a_bucket_fills_evenly() -> None:
    clock = Clock()
    bucket = TokenBucket(Limit(2, 10), clock)
    assert [(await bucket.hit("lena")).allowed for _ in range(3)] == [True, True, False]
    refused = await bucket.hit("lena")
    assert refused.wait == pytest.approx(5)
    clock.seconds += 5
    assert [(await bucket.hit("lena")).allowed for _ in range(2)] == [True, False]


async def test_a_bucket_forgets_who_does_not_come_back() -> None:
    clock = Clock()
    bucket = TokenBucket(Limit(2, 10), clock)
    for number in range(10):
        await bucket.hit(f"caller {number}")
    clock.seconds += 10
    for _ in range(5):
        await bucket.hit("lena")
    assert bucket.callers == 1


# needs: rate_limiting.caller
def connection(host: str, token: str = "") -> HTTPConnection:
    """Return a connection from an address."""
    headers = [(b"authorization", f"Bearer {token}".encode())] if token else []
    return HTTPConnection({"type": "http", "headers": headers, "client": (host, 1)})


def test_an_account_is_counted_wherever_it_asks_from() -> None:
    token = issue_token(7, KEY, now())
    assert caller(connection("192.0.2.1", token), KEY) == "account 7"
    assert caller(connection("192.0.2.2", token), KEY) == "account 7"


def test_a_forged_token_is_counted_by_its_address() -> None:
    forged = issue_token(7, SecretStr("x" * 32), now())
    assert caller(connection("192.0.2.1", forged), KEY) == "address 192.0.2.1"


def test_a_network_of_ipv6_counts_as_one_address() -> None:
    first, second = connection("2001:db8::1"), connection("2001:db8::2:3")
    assert caller(first, KEY) == caller(second, KEY)
    assert caller(connection("::ffff:192.0.2.1"), KEY) == "address 192.0.2.1"


# needs: settings.create_app rate_limiting.middleware rate_limiting.limit_app
# needs: requests.rate_list requests.api
@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits that are soon reached."""
    monkeypatch.setenv("WAYBILL_LIMIT_REQUESTS", "3")
    monkeypatch.setenv("WAYBILL_LIMIT_SECONDS", "3600")


@pytest.mark.usefixtures("few")
async def test_who_asks_too_often_is_told_when_to_come_back(settings: Settings) -> None:
    transport = ASGITransport(create_app(settings))
    async with AsyncClient(transport=transport, base_url="http://waybill") as client:
        seen = [await client.get("/v1/rates") for _ in range(4)]
        unknown = await client.get("/no-such-path")
        alive = await client.get("/health")
    assert [response.status_code for response in seen] == [200, 200, 200, 429]
    assert seen[0].headers["RateLimit-Policy"] == '"default";q=3;w=3600'
    assert seen[0].headers["RateLimit"].startswith('"default";r=2;')
    assert 0 < int(seen[-1].headers["Retry-After"]) <= 1200
    assert (unknown.status_code, alive.status_code) == (429, 200)


# needs: database.open_database rate_limiting.limit_app rate_limiting.create_token
# needs: jwt.api
async def test_guesses_at_one_account_are_counted_wherever_they_come_from(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAYBILL_SIGN_IN_REQUESTS", "3")
    monkeypatch.setenv("WAYBILL_SIGN_IN_SECONDS", "86400")
    app = create_app(settings)
    seen = []
    async with app.router.lifespan_context(app):
        for number in range(4):
            transport = ASGITransport(app, client=(f"192.0.2.{number}", 1))
            form = {"username": "lena@example.com", "password": f"guess {number}"}
            async with AsyncClient(
                transport=transport, base_url="http://waybill"
            ) as client:
                seen.append((await client.post("/v1/token", data=form)).status_code)
    assert seen == [401, 401, 401, 429]
