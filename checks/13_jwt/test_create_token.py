"""Checks of jwt.create_token: an address and a password for a token."""

import re
import sys
import traceback
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

import httpx
import jwt
import pytest
from fastapi import FastAPI
from fastapi.exceptions import ResponseValidationError
from pydantic import SecretStr, ValidationError

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

Connect = Callable[..., httpx.AsyncClient]

KEY = "the key of this app alone, which no other app was given"
LENA, BOB, CLOSED = 311, 17, 1094
PASSWORDS = {
    "lena@example.com": " Lena's, é & + long: 100 % ",
    "bob@example.com": "BOB bob " * 16,
    "closed@example.com": "closed for good",
}


def serve(
    sessions: "async_sessionmaker[AsyncSession]", passwords: type[object]
) -> FastAPI:
    """Return an app with the routes of auth.py."""
    from waybill.auth import router
    from waybill.passwords import app_passwords

    app = FastAPI()
    app.state.sessions = sessions
    app.state.settings = SimpleNamespace(secret_key=SecretStr(KEY))
    app.dependency_overrides[app_passwords] = passwords
    app.include_router(router)
    return app


@pytest.fixture
async def app(
    sessions: "async_sessionmaker[AsyncSession]", cheap_passwords: type[object]
) -> FastAPI:
    """An app with the routes of auth.py; three accounts have a password."""
    from waybill.tables import Account, Credential

    active = {LENA: True, BOB: True, CLOSED: False}
    async with sessions.begin() as session:
        for (email, password), number in zip(PASSWORDS.items(), active, strict=True):
            session.add(Account(id=number, email=email, active=active[number]))
            await session.flush()
            session.add(Credential(account_id=number, hash=f"old hash of {password}"))
    return serve(sessions, cheap_passwords)


@pytest.fixture
async def client(connect: Connect, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the app; in a verdict, a form reads as it was typed."""

    async def show_as_typed(request: httpx.Request) -> None:
        shown = request.extensions["exchange"]
        shown["sent"] = unquote_plus(shown["sent"])

    async with connect(app) as client:
        client.event_hooks["request"].append(show_as_typed)
        yield client


SLIPS = {
    "issue_token": "`issue_token` expects the key as a SecretStr, and was given a "
    "plain text: hand it settings.secret_key as it is.",
    "get_secret_value": "`sign_in` expects the password as a SecretStr, and was given "
    "a plain text: SecretStr(form.password).",
    "'coroutine' object": "`sign_in` is a coroutine function: is its `await` missing?",
    "expires_in": "`expires_in` is a number of seconds, and LIFETIME a timedelta: ask "
    "it for its total_seconds().",
    "HTTPException": "An HTTPException refuses only if it is raised, not returned.",
}
"""What goes wrong for many, by a function, or by a part of what Python says then."""


async def ask(
    client: httpx.AsyncClient, email: str, password: str | None = None
) -> httpx.Response:
    """Send an address and a password, its own unless another is given."""
    form = {"username": email, "password": password or PASSWORDS[email.lower()]}
    try:
        return await client.post("/token", data=form)
    except (AttributeError, ResponseValidationError, ValidationError) as error:
        called = {frame.name for frame in traceback.extract_tb(error.__traceback__)}
        for part, advice in SLIPS.items():
            if part in called or part in str(error):
                raise AssertionError(
                    f"A token was asked for, and the route ended with "
                    f"{type(error).__name__}. {advice}"
                ) from None
        raise


async def get_token(client: httpx.AsyncClient, email: str) -> dict[str, Any]:
    """Return what is answered to an address and its password."""
    response = await ask(client, email)
    assert response.status_code == 200, (
        f"The form said username={email} and the right password, and POST /token was "
        f"answered {response.status_code}: {response.text}. Expected is 200."
    )
    return dict(response.json())


# - The form's `username` is the address, in any spelling:
async def test_a_password_gets_a_token(client: httpx.AsyncClient) -> None:
    """An address and its password, sent as a form, get a token of that account."""
    from waybill.tokens import read_token

    for email, number in (
        ("lena@example.com", LENA),
        ("bob@example.com", BOB),
        ("Lena@Example.com", LENA),
    ):
        token = (await get_token(client, email)).get("access_token")
        try:
            found = read_token(str(token), SecretStr(KEY))
        except jwt.ExpiredSignatureError:
            raise AssertionError(
                f"{email} got a token that has expired already. Issue it now: "
                "`waybill.tables` has a clock."
            ) from None
        except jwt.InvalidTokenError as error:
            raise AssertionError(
                f"{email} got an access_token that read_token refuses: "
                f"{str(error).rstrip('.')}. The app's settings hold the key that "
                "counts: AppSettings brings them."
            ) from None
        assert found == number, (
            f"{email} has the id {number}, and got a token of account {found}."
        )


async def test_the_url_says_nothing(client: httpx.AsyncClient) -> None:
    """An address and a password in the URL get no token."""
    email = "bob@example.com"
    query = {"username": email, "password": PASSWORDS[email]}
    response = await client.post("/token", params=query)
    assert "access_token" not in response.text, (
        "Bob's address and password were sent in the URL, and POST /token answered "
        f"{response.status_code} with a token. URLs end up in logs: take both from the "
        "form alone."
    )


# - The answer holds a token for that account, issued now, with the key of `settings`.
async def test_it_has_the_key_of_the_settings(
    client: httpx.AsyncClient, app: FastAPI
) -> None:
    """The token is signed with the key that the app's settings hold."""
    for key in (KEY, KEY[::-1]):
        app.state.settings = SimpleNamespace(secret_key=SecretStr(key))
        token = (await get_token(client, "bob@example.com"))["access_token"]
        try:
            jwt.decode(token, key, algorithms=["HS256"])
        except jwt.InvalidTokenError as error:
            said = f"Bob's token can't be read with the key of `settings`: {error}."
            raise AssertionError(f"{said} Make each token anew, with it.") from None


async def test_it_is_issued_now(client: httpx.AsyncClient, zone: str) -> None:
    """The token is issued now, whatever the zone of this computer."""
    earliest = datetime.now(UTC).replace(microsecond=0)
    token = (await get_token(client, "lena@example.com"))["access_token"]
    latest = datetime.now(UTC)
    said = jwt.decode(token, options={"verify_signature": False})
    issued = datetime.fromtimestamp(said["iat"], UTC)
    assert earliest <= issued <= latest, (
        f"A token was asked for at {latest}, on a computer whose own time is {zone}. "
        f"Its `iat` is {issued}. Hand issue_token this moment with its offset: "
        "`waybill.tables` has a clock."
    )


# - `token_type` is `"bearer"`, and `expires_in` is `LIFETIME` in seconds.
async def test_the_answer_says_for_how_long(client: httpx.AsyncClient) -> None:
    """The answer says `token_type` `"bearer"`, and in `expires_in` the seconds."""
    answer = await get_token(client, "bob@example.com")
    said = jwt.decode(answer["access_token"], options={"verify_signature": False})
    seconds = said["exp"] - said["iat"]
    assert answer.get("token_type") == "bearer", (
        f"`token_type` is {answer.get('token_type')!r}, and not 'bearer'."
    )
    assert answer.get("expires_in") == seconds, (
        f"The token lasts {seconds} seconds, from `iat` to `exp`, and `expires_in` is "
        f"{answer.get('expires_in')!r}. It is how long the token lasts, in seconds."
    )


async def test_it_follows_the_lifetime(
    connect: Connect,
    app: FastAPI,
    cheap_passwords: type[object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """`expires_in` follows `LIFETIME`."""
    from waybill import tokens

    other = tokens.LIFETIME + timedelta(seconds=61)
    monkeypatch.setattr(tokens, "LIFETIME", other)
    # Imported anew, auth.py finds the other one, however it asks for it.
    monkeypatch.delitem(sys.modules, "waybill.auth")
    async with connect(serve(app.state.sessions, cheap_passwords)) as client:
        answer = await get_token(client, "bob@example.com")
    said = jwt.decode(answer["access_token"], options={"verify_signature": False})
    if said["exp"] - said["iat"] != int(other.total_seconds()):
        return  # issue_token has its own way to know: jwt.issue_token judges it
    assert answer["expires_in"] == said["exp"] - said["iat"], (
        f"LIFETIME was made {other}, and the token lasts as long; `expires_in` is "
        f"{answer['expires_in']!r}. Calculate it from LIFETIME."
    )


# - An answer with a token says `Cache-Control: no-store`.
async def test_no_cache_keeps_it(client: httpx.AsyncClient) -> None:
    """An answer with a token says `Cache-Control: no-store`."""
    response = await ask(client, "lena@example.com")
    found = response.headers.get("Cache-Control", "")
    directives = {one.strip().casefold() for one in found.split(",")}
    assert "no-store" in directives, (
        f"The answer with a token ({response.status_code}) has "
        f"{f'Cache-Control: {found}' if found else 'no Cache-Control'}. A cache on the "
        "way could keep it, and hand it to somebody else: say no-store."
    )


WRONG = {
    "an unknown address": ("nobody@example.com", "whatever it is"),
    "a wrong password": ("lena@example.com", "not hers, but long"),
    "a text that is no address": ("lena", "not hers, but long"),
    "a password that is too short": ("lena@example.com", "not hers"),
    "a password that is too long": ("lena@example.com", "not hers" * 1000),
    "a password of spaces": ("lena@example.com", " " * 12),
    "Bob's password": ("lena@example.com", PASSWORDS["bob@example.com"]),
    "a password without its spaces": ("lena@example.com", "Lena's, é & + long: 100 %"),
    "a closed account": ("closed@example.com", None),
}


# - If `sign_in` returns None, the answer is 401 with `WWW-Authenticate: Bearer`.
async def test_anything_wrong_is_401(client: httpx.AsyncClient) -> None:
    """An unknown address, a wrong password and a closed account are 401."""
    for what, form in WRONG.items():
        response = await ask(client, *form)
        assert response.status_code == 401, (
            f"POST /token with {what} was answered {response.status_code}: "
            f"{response.text}. Expected is 401, since `sign_in` returned None."
        )


async def test_a_401_says_what_it_wants(client: httpx.AsyncClient) -> None:
    """A 401 says `WWW-Authenticate: Bearer`."""
    for what, form in WRONG.items():
        response = await ask(client, *form)
        found = response.headers.get("WWW-Authenticate", "")
        assert re.match(r"Bearer\b", found, re.IGNORECASE), (
            f"POST /token with {what} was answered {response.status_code}, with "
            f"{f'WWW-Authenticate: {found}' if found else 'no WWW-Authenticate'}. "
            "Every 401 says which proof is wanted. An HTTPException takes headers."
        )


# - Every 401 has the same body.
async def test_nobody_learns_what_was_wrong(client: httpx.AsyncClient) -> None:
    """Whatever is wrong, the body of the 401 is the same."""
    answers = {what: await ask(client, *form) for what, form in WRONG.items()}
    first, body = next((what, one.text) for what, one in answers.items())
    for other, found in answers.items():
        assert (found.status_code, found.text) == (401, body), (
            f"POST /token with {first} was answered {body}, and with {other} "
            f"{found.status_code}: {found.text}. Each difference tells a stranger "
            "something, such as which addresses are known: let both be the same 401."
        )


# - What `sign_in` stores is kept, such as a new hash in place of an old one.
async def test_a_new_hash_is_kept(client: httpx.AsyncClient, app: FastAPI) -> None:
    """What `sign_in` stores is kept: a new hash in place of an old one."""
    from waybill.tables import Credential

    await get_token(client, "bob@example.com")
    async with app.state.sessions() as session:
        kept = (await session.get_one(Credential, BOB)).hash
    assert not kept.startswith("old"), (
        "Bob's hash was old, and `sign_in` put a new one in its place. The old one is "
        "back: let `sign_in` use the request's `session`, which commits at its end."
    )
