"""Checks of passwords.sign_up: an account, and what it proves itself with."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_type_hints

import httpx
import pytest
from fastapi import FastAPI, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, SecretStr

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

    from waybill.passwords import Passwords

    Sessions = async_sessionmaker[AsyncSession]

Connect = Callable[..., httpx.AsyncClient]
PASSWORD = "correct horse battery"  # noqa: S105
SPELLINGS = {  # as they are typed, and in the form in which they are kept
    "Lena@example.com": "lena@example.com",
    "Bob <bob@EXAMPLE.com>": "bob@example.com",
    " ada@xn--bcher-kva.example.com ": "ada@bücher.example.com",
    "J\N{COMBINING CARON}o@example.com": "\u01f0o@example.com",
}


@pytest.fixture
def passwords(cheap_argon2: None) -> "Passwords":  # noqa: ARG001
    """What hashes passwords."""
    from waybill.passwords import Passwords, PasswordSettings

    return Passwords(PasswordSettings())


@pytest.fixture
def app(sessions: "Sessions", passwords: "Passwords") -> FastAPI:
    """An app with the accounts, on a database of its own."""
    from waybill import accounts
    from waybill.passwords import app_passwords

    app = FastAPI()
    app.state.sessions = sessions
    app.dependency_overrides[app_passwords] = lambda: passwords
    app.include_router(accounts.router)
    return app


async def sign_up(
    client: httpx.AsyncClient, email: str, password: str = PASSWORD
) -> dict[str, Any]:
    """Sign up, which should work; return the answer."""
    body = {"email": email, "password": password}
    response = await client.post("/accounts", json=body)
    assert response.status_code == 201, (
        f"{email} signed up with {password!r} and was answered {response.status_code}: "
        f"{response.text}. 201 was expected."
    )
    return dict(response.json())


async def stored(sessions: "Sessions") -> dict[str, str]:
    """Return the hash, or nothing, of every account, by e-mail."""
    from sqlalchemy import select

    from waybill.tables import Account, Credential

    query = select(Account.email, Credential.hash).join_from(
        Account, Credential, Credential.account_id == Account.id, isouter=True
    )
    async with sessions() as session:
        return {email: hashed or "" for email, hashed in await session.execute(query)}


# - What works today stays:
async def test_an_account_is_opened(client: httpx.AsyncClient) -> None:
    """Signing up is answered 201, with id, canonical address and role."""
    for number, (email, kept) in enumerate(SPELLINGS.items(), start=1):
        account = await sign_up(client, email)
        wanted = {"id": number, "email": kept, "role": "sender"}
        assert account | wanted == account, (
            f"{email} signed up, and the answer was {account}; {wanted} was expected."
        )


# - What works today stays:
async def test_the_password_is_kept_as_a_hash(
    client: httpx.AsyncClient,
    engine: "AsyncEngine",
    sessions: "Sessions",
    passwords: "Passwords",
) -> None:
    """What is kept is a hash of the password as it was typed, and nothing else."""
    bobs = "U\N{COMBINING DIAERESIS}ber É \N{LATIN SMALL LIGATURE FI}nally"
    typed = {"lena@example.com": f"  {PASSWORD}  ", "bob@example.com": bobs}
    for email, password in typed.items():
        await sign_up(client, email, password)
        hashed = (await stored(sessions)).get(email)
        assert hashed, f"{email} signed up, and no Credential was stored with it."
        assert hashed.startswith("$argon2id$"), (
            f"{email} signed up, and {hashed[:20]!r}… was stored, which is no hash."
        )
        is_right, _ = await passwords.verify(SecretStr(password), hashed)
        assert is_right, (
            f"{email} chose {password!a}, and the hash is of something else. Hand over "
            "the secret as it is: `str()` makes asterisks, a normal form another text."
        )
    file = Path(str(engine.url.database))
    assert PASSWORD.encode() not in file.read_bytes(), (  # noqa: ASYNC240
        "After signing up, the password can be read in the file of the database."
    )


# - What works today stays:
async def test_nothing_else_leaves(client: httpx.AsyncClient) -> None:
    """The answer has three fields: neither the password nor its hash leaves."""
    account = await sign_up(client, "lena@example.com")
    more = sorted(set(account) - {"id", "email", "role"})
    assert not more, (
        f"The answer also holds {', '.join(more)}. AccountRead lists what people see."
    )


# - What works today stays:
async def test_an_address_is_an_address(client: httpx.AsyncClient) -> None:
    """An e-mail address is accepted with a plus in it; what is none is 422."""
    for email in ("a+tag@x.io", "lena.vogt@mail.example.com"):
        await sign_up(client, email)
    bad = ("lena", "lena@", "@example.com", "le na@example.com", "", None, 7)
    zeros = ("le\0na@example.com", "lena@example.com\0")
    sent = [{"email": one} for one in (*bad, *zeros)]
    for body in (*sent, {}):
        response = await client.post("/accounts", json=body | {"password": PASSWORD})
        assert response.status_code == 422, (
            f"{body} has no e-mail address, and the answer was {response.status_code}. "
            "Keep the type of `email` in the starting code."
        )


# - What works today stays:
@pytest.mark.parametrize("length", [-1, 0, 11, 12, 128, 129])
@pytest.mark.parametrize("character", ["x", " ", "\0", "1", "٣", "\N{KEY}"])
async def test_only_its_length_counts(
    client: httpx.AsyncClient, character: str, length: int
) -> None:
    """A password has 12 to 128 characters, whichever they are."""
    status = 201 if 12 <= length <= 128 else 422
    body = {"email": "lena@example.com", "password": character * length or None}
    if length < 0:
        del body["password"]
    response = await client.post("/accounts", json=body)
    sent = {-1: "left out", 0: "null"}.get(length, f"{length} times {character!r}")
    assert response.status_code == status, (
        f"The password was {sent}; the answer was {response.status_code}, not {status}."
    )


# - What works today stays:
async def test_nobody_picks_a_role(client: httpx.AsyncClient) -> None:
    """Any other field is answered 422."""
    for more in ({"role": "dispatcher"}, {"id": 7}, {"active": True}):
        body = {"email": "lena@example.com", "password": PASSWORD, **more}
        response = await client.post("/accounts", json=body)
        assert response.status_code == 422, (
            f"Somebody signed up with {more} in the body and was answered "
            f"{response.status_code} instead of 422. A RequestModel refuses what it "
            "doesn't name."
        )


# - What works today stays:
def test_the_password_does_not_show() -> None:
    """What `sign_up` takes shows no password when it is printed or dumped."""
    from waybill import accounts

    hints = get_type_hints(accounts.sign_up).values()
    model = next(one for one in hints if issubclass(one, BaseModel))
    data = model(email="lena@example.com", password=PASSWORD)
    ways = {"print": data, "repr": [data], "model_dump()": data.model_dump()}
    for way, shown in (ways | {"JSON": data.model_dump_json()}).items():
        assert PASSWORD not in str(shown), (
            f"By {way}, a sign-up reads {shown}: a line of a log would hold the "
            "password. A type that you know from settings hides itself."
        )


# - A taken address is answered 409 in any spelling, even if it was taken a moment ago.
async def test_a_taken_address_is_409(
    client: httpx.AsyncClient, sessions: "Sessions"
) -> None:
    """An address that has an account is answered 409, in any spelling."""
    await sign_up(client, "lena@example.com")
    before = await stored(sessions)
    for again in ("lena@example.com", "Lena@Example.COM", " Lena <lena@example.com>"):
        body = {"email": again, "password": "another password"}
        response = await client.post("/accounts", json=body)
        assert response.status_code == 409, (
            f"lena@example.com has an account, {again} signed up, and was answered "
            f"{response.status_code} instead of 409: {response.text}"
        )
        assert "another" not in response.text, f"It has the password: {response.text}"
        assert await stored(sessions) == before, (
            f"{again} was answered 409, and yet what is stored has changed."
        )


async def test_a_faster_sign_up_wins(
    connect: Connect, app: FastAPI, sessions: "Sessions", rivals: list[str]
) -> None:
    """Of two sign-ups at once, one is answered 201 and the other 409."""
    body = {"email": "lena@example.com", "password": PASSWORD}
    async with connect(app, raise_app_exceptions=False) as client:
        response = await client.post("/accounts", json=body)
    assert rivals, "Somebody signed up, and no INSERT of an account was sent."
    assert response.status_code == 409, (
        "Two people signed up with one address at once. The other one was faster by a "
        f"moment, and this one was answered {response.status_code} instead of 409. "
        "`add_account` raises an error of its own then: turn that into an answer."
    )
    kept = await stored(sessions)
    assert kept == {"lena@example.com": ""}, f"The slower one left this: {kept}."


# - What works today stays:
@pytest.mark.parametrize("row", ["account", "credential"])
async def test_both_or_neither(
    connect: Connect,
    app: FastAPI,
    sessions: "Sessions",
    refuse_rows: Callable[[str], list[str]],
    row: str,
) -> None:
    """If one of the two can't be stored, neither is, and the answer is 500."""
    failed = refuse_rows(row)
    body = {"email": "lena@example.com", "password": PASSWORD}
    async with connect(app, raise_app_exceptions=False) as client:
        response = await client.post("/accounts", json=body)
    assert failed, f"Somebody signed up, and no INSERT of the {row} was sent."
    assert response.status_code == 500, (
        f"The database could not store the {row}, and the answer was "
        f"{response.status_code} instead of 500. Only a taken address is a 409: catch "
        "EmailTakenError, and nothing wider."
    )
    kept = await stored(sessions)
    assert not kept, (
        f"The {row} could not be stored, and {', '.join(kept)} stayed, with nothing to "
        "sign in with. Keep both in one transaction, and use no savepoint on SQLite."
    )


# - The hash is made once, and while it is made the request holds no connection.
async def test_no_connection_waits_for_argon2(
    client: httpx.AsyncClient,
    passwords: "Passwords",
    engine: "AsyncEngine",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The hash is made while no database connection is taken."""
    from sqlalchemy.pool import QueuePool

    pool, taken = engine.sync_engine.pool, []
    assert isinstance(pool, QueuePool)
    make_hash = passwords.hash

    async def watched(password: SecretStr) -> str:
        taken.append(pool.checkedout())
        made = await make_hash(password)
        taken.append(pool.checkedout())
        return made

    monkeypatch.setattr(passwords, "hash", watched)
    await sign_up(client, "lena@x.io")
    once = len(taken)
    await client.post("/accounts", json={"email": "Lena@x.io", "password": PASSWORD})
    again = len(taken) - once
    assert once == 2 >= again, (
        f"A sign-up called `passwords.hash` {once // 2} times, and one with an address "
        f"that was taken by then {again // 2} times; once is right."
    )
    assert not any(taken), (
        "While Argon2 worked, the request held a connection to the database, and a "
        "pool has few. Hash first: a session takes one with its first query."
    )


# - What works today stays:
async def test_half_a_character_is_no_accident(connect: Connect, app: FastAPI) -> None:
    """A password with half a character in it never ends in a 500."""
    app.add_exception_handler(RequestValidationError, lambda *_: Response("", 422))
    body = {"email": "lena@example.com", "password": f"{PASSWORD}\ud800"}
    client = connect(app, raise_app_exceptions=False)
    client.headers["content-type"] = "application/json"
    response = await client.post("/accounts", content=json.dumps(body))
    assert response.status_code in {201, 422}, (
        "The password ended in half a character, \\ud800, and the answer was "
        f"{response.status_code}. `passwords.hash` takes any text: hand it the secret."
    )
