"""Checks of dependencies.current_account: who is asking."""

from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fastapi import Depends, FastAPI, HTTPException

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

Connect = Callable[..., httpx.AsyncClient]

DEMO = "demo@waybill.example"


@pytest.fixture
def app(sessions: "async_sessionmaker[AsyncSession]") -> FastAPI:
    """An app with one route, which tells who is asking."""
    from waybill.dependencies import CurrentAccount

    app = FastAPI()
    app.state.sessions = sessions

    @app.get("/me")
    async def me(account: CurrentAccount) -> dict[str, Any]:
        from waybill.tables import Account

        assert isinstance(account, Account), (
            f"A route asked for a CurrentAccount and was given {account!r}. Return "
            "the Account itself."
        )
        return {"id": account.id, "email": account.email}

    return app


@pytest.fixture
async def client(connect: Connect, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the app."""
    async with connect(app) as client:
        yield client


async def ask(client: httpx.AsyncClient, header: str | None) -> dict[str, Any]:
    """Ask who is asking; return the account."""
    from sqlalchemy.exc import IntegrityError, NoResultFound

    from waybill.store import EmailTakenError

    says = "No X-Account" if header is None else f"`X-Account: {header}`"
    headers = {} if header is None else {"X-Account": header.encode("latin-1")}
    try:
        response = await client.get("/me", headers=headers)
    except NoResultFound:
        raise AssertionError(
            f"{says} was sent, and your code raised NoResultFound: No row was found "
            "when one was required. An unknown address gets an account first. Look for "
            "it in small letters, as lower() makes them, and by nothing else."
        ) from None
    except (IntegrityError, EmailTakenError) as error:
        raise AssertionError(
            f"{says} was sent, and the request ended in {type(error).__name__}: there "
            "is an account with this address already. Do you look for it in small "
            "letters, as it is kept?"
        ) from None
    assert response.status_code == 200, (
        f"{says} was answered {response.status_code}: {response.text}"
    )
    account: dict[str, Any] = response.json()
    return account


async def ids(
    sessions: "async_sessionmaker[AsyncSession]", email: str = ""
) -> list[int]:
    """Return the ids of the accounts that are stored with an address, or of all."""
    from sqlalchemy import select

    from waybill.tables import Account

    query = select(Account.id)
    if email:
        query = query.where(Account.email == email)
    async with sessions() as session:
        return [*await session.scalars(query)]


# - The header `X-Account` says who is asking.
async def test_the_header_says_who_is_asking(
    client: httpx.AsyncClient, known: dict[str, int]
) -> None:
    """`X-Account` says who is asking; without it the demo account is."""
    for header in (None, *known):
        account = await ask(client, header)
        wanted = header or DEMO
        assert account["email"] == wanted, (
            f"X-Account was {header or 'left out'}, and the route was given "
            f"{account['email']}; it should be {wanted}. Does the parameter say that "
            "it comes from a header?"
        )


async def test_nothing_else_says_who_is_asking(
    client: httpx.AsyncClient, known: dict[str, int]
) -> None:
    """The query string, cookies and other headers say nothing."""
    lena, bob, *_ = known
    others = {"Cookie": f"account={bob}; x_account={bob}", "X-User": bob, "From": bob}
    for own in ({}, {"X-Account": lena}):
        sent = {"x_account": bob, "x-account": bob, "account": bob}
        response = await client.get("/me", params=sent, headers=others | own)
        wanted = own.get("X-Account", DEMO)
        assert response.json()["email"] == wanted, (
            f"{bob} was named in the query string, a cookie and other headers, and the "
            f"route was given {response.text}; it should be {wanted}."
        )


# - Capitals make no difference: `Lena@Example.com` is the account `lena@example.com`.
async def test_capitals_make_no_difference(
    client: httpx.AsyncClient, known: dict[str, int]
) -> None:
    """`Lena@Example.com` and `lena@example.com` are one account."""
    for header in ("Lena@Example.com", "LENA@EXAMPLE.COM"):
        account = await ask(client, header)
        assert account["id"] == known["lena@example.com"], (
            f"`X-Account: {header}` is {account['email']} with id {account['id']}, and "
            f"lena@example.com has the id {known['lena@example.com']}. add_account "
            "keeps addresses in small letters; look them up like that."
        )


# - An address that nobody has used before gets an account and keeps it.
async def test_an_unknown_address_gets_an_account(
    client: httpx.AsyncClient, sessions: "async_sessionmaker[AsyncSession]"
) -> None:
    """An address nobody has seen gets an account, once, and keeps it."""
    for header in ("Bob@a.de", "b_b@a.de", "%", "Weiß+1@a.de", "ÉVA@a.fr", None):
        email = (header or DEMO).lower()
        first = await ask(client, header)
        assert first["email"] == email, (
            f"X-Account was {header or 'left out'}, and the account's address is "
            f"{first['email']}; it should be {email}. Use lower() and `==`."
        )
        kept = await ids(sessions, email)
        assert {*kept} == {first["id"]}, (
            f"{email} was seen once, and then the table held {len(kept)} accounts with "
            "that address. Commit what adds it, and ask this app's database each time."
        )
        again = await ask(client, header)
        assert again == first, (
            f"{email} came back as the account {again['id']}; it was {first['id']} "
            "the first time."
        )


async def test_a_request_that_fails_keeps_the_account(
    client: httpx.AsyncClient,
    app: FastAPI,
    sessions: "async_sessionmaker[AsyncSession]",
    savepoints: list[str],
) -> None:
    """A new address keeps its account, even if its first request ends in 404."""
    from waybill.dependencies import CurrentAccount

    @app.get("/nothing")
    async def nothing(account: CurrentAccount) -> None:
        raise HTTPException(404, f"{account.email} has no such thing.")

    response = await client.get("/nothing", headers={"X-Account": "new@example.com"})
    assert response.status_code == 404, (
        "new@example.com asked for what isn't there, and was answered "
        f"{response.status_code} instead of 404: {response.text}"
    )
    kept = await ids(sessions, "new@example.com")
    advice = (
        "A savepoint is part of the transaction around it, and goes with it. (SQLite's "
        "driver hides that, as it begins none; this check began one.) "
        if savepoints
        else ""
    )
    assert len(kept) == 1, (
        "The first request of new@example.com ended in 404, and then there was no such "
        "account: the request's session rolled back all that was added in it. "
        f"{advice}`add_unless_known`, as the cell came, has a session of its own."
    )


async def test_a_faster_request_is_no_obstacle(
    connect: Connect, app: FastAPI, be_faster: Callable[..., list[str]]
) -> None:
    """If another request adds the account first, that one is returned."""
    faster = be_faster(
        "INSERT INTO accounts",
        "INSERT INTO accounts (id, email, role, active) "
        "VALUES (77, 'race@example.com', 'SENDER', 1)",
    )
    async with connect(app, raise_app_exceptions=False) as client:
        response = await client.get("/me", headers={"X-Account": "race@example.com"})
    assert faster, (
        "race@example.com was new, and got no account. Call `add_unless_known`."
    )
    assert response.status_code == 200, (
        "Two requests brought the same new address. The other one was faster, and "
        f"this one was answered {response.status_code}. `add_account` raises "
        "EmailTakenError then, and a session whose INSERT failed can't go on. As the "
        "cell came, `add_unless_known` takes care of that in a session of its own."
    )
    assert response.json()["id"] == 77, (
        "The faster request's account has the id 77, and the route was given "
        f"{response.text}. Look again after the attempt."
    )


# - The account belongs to the request's `session`: what a route changes on it is kept.
@pytest.mark.parametrize("email", ["lena@example.com", "first.sight@example.com"])
async def test_a_change_to_the_account_is_kept(
    client: httpx.AsyncClient, app: FastAPI, known: dict[str, int], email: str
) -> None:
    """The account belongs to the request's session: what a route changes is kept."""
    from waybill.dependencies import CurrentAccount
    from waybill.tables import Role

    @app.put("/me")
    async def promote(account: CurrentAccount) -> None:
        account.role = Role.COURIER

    @app.get("/role")
    async def role(account: CurrentAccount) -> str:
        return f"{account.email} {account.role}"

    headers = {"X-Account": email}
    seen = "known" if email in known else "new"
    response = await client.put("/me", headers=headers)
    assert response.status_code == 200, (
        f"{email} was answered {response.status_code}: {response.text}"
    )
    response = await client.get("/role", headers=headers)
    assert response.json() == f"{email} courier", (
        f"A route made {email}, who was {seen}, a courier. The next request found "
        f"“{response.json()}”. Return the account as the request's session knows it, "
        "not as another session left it."
    )


# - A known account costs a request one query, however many dependencies ask for it.
async def test_one_request_asks_once(
    client: httpx.AsyncClient, app: FastAPI, known: dict[str, int], queries: list[str]
) -> None:
    """However many dependencies want the account, a request looks it up once."""
    from waybill.dependencies import CurrentAccount

    async def name(account: CurrentAccount) -> str:
        return account.email

    @app.get("/label", dependencies=[Depends(name)])
    async def label(account: CurrentAccount, sender: str = Depends(name)) -> str:
        return f"{account.id} {sender}"

    queries.clear()
    response = await client.get("/label", headers={"X-Account": "Bob@Example.com"})
    assert response.json() == f"{known['bob@example.com']} bob@example.com", (
        f"A route and a dependency asked for the CurrentAccount and answered "
        f"{response.text}. Both should have seen Bob."
    )
    asked = [query.split()[0] for query in queries if "accounts" in query]
    advice = (
        "Look before you add: most who ask are known."
        if "INSERT" in asked
        else "FastAPI shares what a dependency returned, unless it is told not to; and "
        "who was found needs no second look."
    )
    assert asked.count("SELECT") == len(asked) == 1, (
        "Two dependencies and a route wanted the account, and the request sent "
        f"{len(asked)} queries for it: {', '.join(asked)}. Bob@Example.com is "
        f"known, so one SELECT will do. {advice}"
    )


# - The header has 1 to 320 characters; any other is answered 422 and makes no account.
async def test_a_header_of_another_length_is_refused(
    connect: Connect, app: FastAPI, sessions: "async_sessionmaker[AsyncSession]"
) -> None:
    """A header has 1 to 320 characters; others are answered 422 and make no account."""
    async with connect(app, raise_app_exceptions=False) as client:
        for length, wanted in ((0, 422), (1, 200), (320, 200), (321, 422)):
            header = ("a@" + "b" * 400)[:length]
            response = await client.get("/me", headers={"X-Account": header})
            assert response.status_code == wanted, (
                f"An X-Account of {length} characters was answered "
                f"{response.status_code} instead of {wanted}. The column has room "
                "for 320; Header() takes min_length= and max_length=."
            )
    count = len(await ids(sessions))
    assert count == 2, (
        f"Two of four headers had an allowed length, and there are {count} accounts. "
        "One that is refused leaves none behind."
    )
