"""Checks of rate_limiting.create_token: attempts at an account are counted."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

KEY = "the key of this app alone, which no other app was given"
LENA, GUESSER = 311, 17
OLD = ", at an old cost"
PASSWORDS = {"lena@example.com": "Lena's own, long", "guesser@example.com": "x" * 16}


class CheapPasswords:
    """Stands in for Argon2, and counts how often it would have worked."""

    worked = 0

    async def hash(self, password: SecretStr) -> str:
        """Return what verify compares with."""
        CheapPasswords.worked += 1
        return f"hash of {password.get_secret_value()}"

    async def verify(self, password: SecretStr, hashed: str) -> tuple[bool, str | None]:
        """Return whether it is the password, and a new hash for it."""
        fits = await self.hash(password) == hashed.removesuffix(OLD)
        return fits, f"hash of {password.get_secret_value()}" if fits else None


@pytest.fixture
async def app(
    sessions: "async_sessionmaker[AsyncSession]", scripted: Callable[[int, float], Any]
) -> FastAPI:
    """An app with the routes of auth.py, two accounts, and limiters to be scripted."""
    from waybill.auth import router
    from waybill.passwords import app_passwords
    from waybill.tables import Account, Credential

    accounts = zip(PASSWORDS.items(), (LENA, GUESSER), strict=True)
    async with sessions.begin() as session:
        for (email, password), number in accounts:
            session.add(Account(id=number, email=email))
            await session.flush()
            session.add(Credential(account_id=number, hash=f"hash of {password}{OLD}"))
    app = FastAPI()
    app.state.sessions = sessions
    app.state.settings = SimpleNamespace(secret_key=SecretStr(KEY))
    app.state.limiter, app.state.attempts = scripted(100, 60), scripted(10, 300)
    app.dependency_overrides[app_passwords] = CheapPasswords
    app.include_router(router)
    CheapPasswords.worked = 0
    return app


async def ask(
    app: FastAPI,
    username: str = "lena@example.com",
    password: str = "a guess, and long",  # noqa: S107 - nobody's
    host: str = "203.0.113.7",
    target: str = "/token",
    **headers: str,
) -> httpx.Response:
    """Send an address and a password, from an address of the network."""
    transport = httpx.ASGITransport(app, client=(host, 50123))
    form = {"username": username, "password": password, "scope": "me"}
    async with httpx.AsyncClient(transport=transport, base_url="http://w") as client:
        return await client.post(target, data=form, headers=headers)


async def counted(app: FastAPI, which: str, **request: str) -> str:
    """Return the key that one of the limiters counted a request under."""
    limiter = getattr(app.state, which)
    limiter.counted.clear()
    response = await ask(app, **request)
    keys: list[str] = limiter.counted
    assert len(keys) == 1, (
        f"POST /token came with {request or 'a password for lena@example.com'} and was "
        f"answered {response.status_code}. `app.state.{which}` counted {keys}; it "
        "should count each attempt once. Does the route depend on `count_attempt`?"
    )
    assert isinstance(keys[0], str), f"A key is a text, and this one is {keys[0]!r}."
    return keys[0]


SPELLINGS = {
    "lena@example.com": (
        *("LENA@example.com", "lena@EXAMPLE.COM", " lena@example.com "),
        "Lena <lena@example.com>",
    ),
    "straße@exämple.com": ("Straße@xn--exmple-cua.com", "straße@EXÄMPLE.com"),
}
"""Addresses, and how else somebody may write them."""


# - Every attempt is counted by the account tried, with `app.state.attempts`.
async def test_each_account_is_counted(app: FastAPI) -> None:
    """Every attempt is counted by its account, whether it exists or not."""
    keys = [
        await counted(app, "attempts", username=name, host=host)
        for name in ("lena@example.com", "guesser@example.com", "nobody@example.com")
        for host in ("203.0.113.7", "198.51.100.4", "2001:db8::1")
    ]
    assert [len({*keys[at : at + 3]}) for at in (0, 3, 6)] == [1, 1, 1], (
        f"The same account was tried from three addresses, and counted as {keys[:3]}."
    )
    assert len({*keys}) == 3, (
        f"Passwords for Lena, for the guesser and for nobody were counted as "
        f"{keys[::3]}. These are three accounts, with attempts of their own."
    )


async def test_all_spellings_are_one(app: FastAPI) -> None:
    """All spellings of one e-mail address are counted as one account."""
    for address, spellings in SPELLINGS.items():
        key = await counted(app, "attempts", username=address)
        for spelling in spellings:
            found = await counted(app, "attempts", username=spelling)
            assert found == key, (
                f"{address!r} is counted under {key!r}, and {spelling!r} under "
                f"{found!r}. Sign-in takes both for the same account: ask `canonical`."
            )


async def test_other_addresses_are_others(app: FastAPI) -> None:
    """Addresses that only look alike are counted apart, as accounts of their own."""
    alike = "lena@example.com lena+shop@example.com le.na@example.com "
    alike += "lena@example.org straße@example.com strasse@example.com"
    names = alike.split()
    keys = {name: await counted(app, "attempts", username=name) for name in names}
    assert len({*keys.values()}) == len(names), (
        f"{len(names)} accounts were counted as {keys}. Take what `canonical` returns."
    )


async def test_what_is_no_address_is_one(app: FastAPI) -> None:
    """All texts that are no e-mail address share one key, and none is a 500."""
    texts = ["lena", "%", "lena@", "a@b@c", "x" * 5000, "\x00", "lena@example"]
    keys = {text: await counted(app, "attempts", username=text) for text in texts}
    assert len({*keys.values()}) == 1, (
        f"These texts are nobody's, and counted as {keys}: `canonical` refuses each."
    )
    for name in ("lena", "nobody", "none", "unknown", "anonymous", "invalid"):
        key = await counted(app, "attempts", username=f"{name}@example.com")
        assert key not in keys.values(), f"{name}@example.com counts as them: {key!r}."


# - Every attempt is also counted by `address_of()`, with `app.state.limiter` and under
# a key of its own.
async def test_each_address_is_counted(app: FastAPI) -> None:
    """Every attempt is counted by address, whatever account and token it comes with."""
    from datetime import UTC, datetime

    from waybill.tokens import issue_token

    token = issue_token(GUESSER, SecretStr(KEY), datetime.now(UTC))
    bare = await counted(app, "limiter")
    for what, request in (
        ("a token of his own", {"Authorization": f"Bearer {token}"}),
        ("an X-Forwarded-For", {"X-Forwarded-For": "198.51.100.4"}),
        ("another account", {"username": "guesser@example.com"}),
    ):
        key = await counted(app, "limiter", **request)
        assert key == bare, (
            f"A guesser at 203.0.113.7 was counted under {bare!r}. With {what} he was "
            f"counted under {key!r}, and could go on."
        )
    home = {await counted(app, "limiter", host=f"2001:db8::{n}") for n in (1, 2)}
    assert len(home) == 1, f"One household was counted as {home}; ask `address_of`."
    assert bare not in home, f"Two households are counted under {bare!r}."


@pytest.mark.parametrize("which", ["limiter", "attempts"])
async def test_nothing_else_counts(app: FastAPI, which: str) -> None:
    """No password, query or header makes another key."""
    bare = await counted(app, which)
    for request in (
        *({"password": word} for word in ("another guess, as long", " ", "\x00")),
        {"target": "/token?try=2"},
        {"User-Agent": "another browser"},
        {"Cookie": "session=2"},
        {"X-Request-ID": "2"},
    ):
        key = await counted(app, which, **request)
        assert key == bare, (
            f"`app.state.{which}` counted an attempt under {bare!r}, and under {key!r} "
            f"with {request}. A bot that varies it is never refused."
        )


async def test_it_is_counted_apart(app: FastAPI) -> None:
    """The key of an address at sign-in is not the key of its other requests."""
    from fastapi.requests import HTTPConnection

    from waybill.limits import address_of

    key = await counted(app, "limiter")
    scope = {"type": "http", "client": ("203.0.113.7", 50123), "headers": []}
    other = address_of(HTTPConnection(scope))
    assert key != other, (
        f"The middleware counts 203.0.113.7 under {other!r} already, and sign-in "
        "counted it there once more: each attempt would cost two requests."
    )


# - If either limiter refuses, the answer is 429 with a `detail` and with
# `limit_headers()` of the limiter that refused.
@pytest.mark.parametrize("which", ["limiter", "attempts"])
async def test_a_refusal_compares_no_password(app: FastAPI, which: str) -> None:
    """If a limiter refuses, the answer is 429, and no password is compared."""
    from waybill.limits import Hit, limit_headers

    limiter = getattr(app.state, which)
    limiter.answer = Hit(False, 0, 271.4, 290.0)
    expected = limit_headers(limiter.limit, limiter.answer)
    for name, password in PASSWORDS.items():
        response = await ask(app, name, password)
        assert response.status_code == 429, (
            f"`app.state.{which}` refused, and POST /token was answered "
            f"{response.status_code}: {response.text}"
        )
        assert isinstance(response.json().get("detail"), str), response.text
        shown = {field: response.headers.get(field) for field in expected}
        assert shown == expected, (
            f"`{which}` refused. Headers: {shown}; limit_headers() says {expected}."
        )
    assert not CheapPasswords.worked, (
        f"`app.state.{which}` refused two attempts, and {CheapPasswords.worked} "
        "passwords were hashed all the same: refuse first."
    )


# - If the limit by address refuses an attempt, it isn't counted for the account.
async def test_a_refused_address_locks_nobody_out(app: FastAPI) -> None:
    """If the limit by address refuses an attempt, the account isn't charged for it."""
    from waybill.limits import Hit

    app.state.limiter.answer = Hit(False, 0, 12.0, 59.0)
    await ask(app)
    found = app.state.attempts.counted
    assert not found, (
        "The address was refused, and the attempt was counted for the account as well, "
        f"as {found}. One bot could lock Lena out: ask about the address first."
    )


# - Every attempt is counted by the account tried, with `app.state.attempts`.
async def test_a_right_password_forgives_nothing(app: FastAPI) -> None:
    """A right password doesn't undo the attempts before it."""
    was = app.state.limiter, app.state.attempts
    for name, password in PASSWORDS.items():
        await ask(app, name, password)
    now = app.state.limiter, app.state.attempts
    assert now == was, "After the right password the app had another limiter."


# - Otherwise `create_token` answers as before:
async def test_the_rest_is_as_before(
    app: FastAPI, sessions: "async_sessionmaker[AsyncSession]"
) -> None:
    """The right password gets both tokens, which no cache keeps, a wrong one a 401."""
    from sqlalchemy import text

    from waybill.tokens import read_token

    accounts = zip(PASSWORDS.items(), (LENA, GUESSER), strict=True)
    for (name, password), number in accounts:
        response = await ask(app, name, password)
        assert response.status_code == 200, (
            f"{name} sent the right password, and was answered {response.text}"
        )
        answer = response.json()
        found = read_token(answer["access_token"], SecretStr(KEY))
        assert found == number, f"{name} got a token of account {found}."
        kept = response.headers.get("Cache-Control", "")
        assert "no-store" in kept, f"An answer with a token says {kept or 'nothing'}."
        facts = answer.get("token_type"), type(answer.get("expires_in"))
        assert facts == ("bearer", int), f"The answer is {answer}."
        other = answer.get("refresh_token")
        assert "." in str(other), f"Lesson 14's refresh_token lacks: {answer}."
    for name in ("lena@example.com", "nobody@example.com", "no address at all"):
        response = await ask(app, name, "guess 10, a wrong one")
        assert response.status_code == 401, f"{name}, wrongly: {response.text}"
        asked = response.headers.get("WWW-Authenticate")
        assert asked == "Bearer", f"The 401 says WWW-Authenticate: {asked}."
    async with sessions() as session:
        kept = str([*await session.scalars(text("SELECT hash FROM credentials"))])
    assert OLD not in kept, (
        f"Both hashes had an old cost, and `sign_in` renewed them. Kept are {kept}: "
        f"call it with the request's own `session`, which is committed."
    )
    docs = app.openapi()["paths"]
    forms = [path for path in ("/token", "/me") if "requestBody" in f"{docs.get(path)}"]
    assert forms == ["/token"], f"{forms} want a form; count for POST /token alone."
