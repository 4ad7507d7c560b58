"""Checks of websockets.live: who is let in, and what is asked first."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import jwt
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

    Sessions = async_sessionmaker[AsyncSession]

Connect = Callable[..., httpx.AsyncClient]
Open = Callable[..., Awaitable[Any]]
KEY = SecretStr("the key of these checks, known to nobody else")
DORA, CEM, BOB = 51, 23, 17
OUR = "https://waybill.example"


@pytest.fixture
async def engine(
    tmp_path: Path,
    make_tables: Callable[[Path], None],
    connection_class: type,
) -> "AsyncIterator[AsyncEngine]":
    """An engine on a fresh SQLite file; whoever can't write there hears so soon."""
    from sqlalchemy.ext.asyncio import create_async_engine

    make_tables(tmp_path / "waybill.db")
    url = f"sqlite+aiosqlite:///{tmp_path / 'waybill.db'}"
    options = {"factory": connection_class, "timeout": 0.3}
    engine = create_async_engine(url, connect_args=options)
    yield engine
    await engine.dispose()


@pytest.fixture
async def app(sessions: "Sessions") -> FastAPI:
    """An app with the router, a dispatcher, a courier, and a sender."""
    from waybill import live
    from waybill.hub import Hub
    from waybill.settings import Settings
    from waybill.tables import Account, Role

    async with sessions.begin() as session:
        for number, role in ((DORA, "dispatcher"), (CEM, "courier"), (BOB, "sender")):
            row = Account(id=number, email=f"{number}@example.com", role=Role(role))
            session.add(row)
    app = FastAPI()
    app.include_router(live.router)
    app.state.sessions = sessions
    app.state.hub = Hub()
    origins = [OUR, "http://localhost:3000"]
    app.state.settings = Settings(
        environment="development", secret_key=KEY, allowed_origins=origins
    )
    return app


def token_of(account_id: int) -> str:
    """Return an access token, the same at every run."""
    expiry = datetime(2099, 3, 2, 12, tzinfo=UTC)
    claims = {"sub": str(account_id), "type": "access", "exp": expiry}
    return jwt.encode(claims, KEY.get_secret_value(), "HS256")


@pytest.fixture
def ticket(sessions: "Sessions") -> Callable[..., Awaitable[str]]:
    """Return a function that issues a ticket for whomever."""
    from waybill.tables import now
    from waybill.tickets import issue_ticket

    async def ticket(account_id: int = DORA, depot: str = "HAM") -> str:
        async with sessions.begin() as session:
            return await issue_ticket(session, account_id, depot, now())

    return ticket


Ticket, Patch = Callable[..., Awaitable[str]], pytest.MonkeyPatch


def answer_to(client: Any) -> str:  # noqa: ANN401
    """Say what became of a connection."""
    if client.error:
        return f"broken off by {client.error!r}"
    if client.accepted:
        code = client.code
        return "accepted" if code is None else f"accepted, then closed with {code}"
    return "refused" if client.refused else "left without an answer"


# - No connection to the database is lent while a screen is connected.
async def test_no_connection_is_lent(
    app: FastAPI, open_client: Open, ticket: Ticket
) -> None:
    """While screens are connected, no connection to the database is lent."""
    pool = app.state.sessions.kw["bind"].pool
    # All tickets first: an answer that never commits lets nobody write any more.
    tickets, screens = [await ticket(), await ticket(CEM), ""], app.state.hub.screens
    for one in tickets:
        before = len(screens())
        client = await open_client(app, f"/depots/HAM/live?ticket={one}")
        # One that accepts first may not have asked the database yet.
        await client.until(
            lambda who=client, n=before: who.refused or len(screens()) > n
        )
        assert pool.checkedout() == 0, (
            f"A screen was {answer_to(client)}, and {pool.checkedout()} connections "
            "to the database are lent, for as long as it hangs on its wall. Ask for "
            "AppSessions, and let the session end."
        )


# - A good ticket opens one connection to its depot, and its account is returned.
@pytest.mark.parametrize(("account_id", "depot"), [(DORA, "HAM"), (CEM, "BER")])
async def test_a_ticket_opens_one_connection(
    app: FastAPI, open_client: Open, ticket: Ticket, account_id: int, depot: str
) -> None:
    """A ticket opens one connection, to its depot, as its account."""
    good = await ticket(account_id, depot)
    for place in ("MUC", depot, depot):
        client = await open_client(app, f"/depots/{place}/live?ticket={good}")
        wanted = "accepted" if place == depot and not client.refused else "refused"
        if place == "MUC":
            assert answer_to(client) == "refused", (
                f"Account {account_id} has a ticket for {depot}. At MUC it was "
                f"{answer_to(client)}."
            )
        elif not app.state.hub.rooms:
            pytest.fail(
                f"Account {account_id} has a ticket for {depot}. Shown there, it was "
                f"{answer_to(client)}."
            )
        else:
            there = [one.account_id for one in app.state.hub.rooms[depot]]
            assert there == [account_id], (
                f"Account {account_id} showed its ticket for {depot}, twice by now. In "
                f"that room there are the screens of {there}; the last one was "
                f"{answer_to(client)}, and {wanted} was expected."
            )


async def test_a_ticket_of_the_route(
    app: FastAPI, connect: Connect, open_client: Open
) -> None:
    """The ticket that the route issues opens a connection; senders get none."""
    async with connect(app, raise_app_exceptions=False) as client:
        for account_id, status in ((BOB, 403), (DORA, 201)):
            client.headers["Authorization"] = f"Bearer {token_of(account_id)}"
            answer = await client.post("/depots/HAM/tickets")
            assert answer.status_code == status, (
                f"Account {account_id} asked for a ticket and was answered "
                f"{answer.status_code}; {status} was expected."
            )
    assert answer.headers.get("Cache-Control") == "no-store"
    shown = answer.json()["ticket"]
    watching = await open_client(app, f"/depots/HAM/live?ticket={shown}")
    assert answer_to(watching) == "accepted", (
        f"A ticket was issued by the route, and shown: {answer_to(watching)}."
    )


# An access token opens nothing.
async def test_a_token_opens_nothing(app: FastAPI, open_client: Open) -> None:
    """An access token opens nothing, wherever it stands."""
    token = token_of(DORA)
    sent: list[tuple[str, dict[str, str]]] = [
        (f"?token={token}", {}),
        (f"?ticket={token}", {}),
        ("", {"Authorization": f"Bearer {token}"}),
        ("", {"Cookie": f"token={token}; ticket={token}"}),
        ("?ticket=", {"Authorization": f"Bearer {token}"}),
        ("", {}),
    ]
    for query, headers in sent:
        client = await open_client(app, f"/depots/HAM/live{query}", headers)
        where = query[:12] or ", ".join(headers) or "nowhere"
        assert answer_to(client) == "refused", (
            f"A connection without a ticket was {answer_to(client)}. An access token "
            f"stood in {where}. What stands in an address stands in logs, and an "
            "access token opens everything."
        )


async def test_nonsense_is_refused(app: FastAPI, open_client: Open) -> None:
    """What is no ticket, and what is no depot, is refused without an error."""
    for place in ("HAM/live?ticket=x", "HAM/live?ticket=%00", "ham/live?ticket=x"):
        client = await open_client(app, f"/depots/{place}")
        found = answer_to(client)
        assert found == "refused", f"/depots/{place} was asked for, and {found}."


# - A good ticket is used up even if its account is then refused.
# - The account has to be active, and its role may read scans: both may have changed
# since the ticket was issued.
@pytest.mark.parametrize("what", ["closed", "made a sender", "denied it by MAY"])
async def test_the_account_is_asked_again(
    app: FastAPI, open_client: Open, ticket: Ticket, what: str, monkeypatch: Patch
) -> None:
    """An account that may not watch any more is refused, and its ticket is used up."""
    from waybill.policy import MAY
    from waybill.tables import Account, Role

    async def change(*, may_watch: bool) -> None:
        async with app.state.sessions.begin() as session:
            row = await session.get(Account, CEM)
            if what == "closed":
                row.active = may_watch
            elif what == "made a sender":
                row.role = Role.COURIER if may_watch else Role.SENDER
        if what.startswith("denied"):
            rights = {"scans:read"} if may_watch else set[str]()
            monkeypatch.setitem(MAY, Role.COURIER, rights)

    shown = await ticket(CEM)
    await change(may_watch=False)
    client = await open_client(app, f"/depots/HAM/live?ticket={shown}")
    assert answer_to(client) == "refused", (
        f"An account got a ticket, and was {what}. Its ticket was {answer_to(client)}."
    )
    await change(may_watch=True)
    client = await open_client(app, f"/depots/HAM/live?ticket={shown}")
    assert answer_to(client) == "refused", (
        f"A ticket was shown while its account was {what}, and refused. Later the "
        f"account may watch again, and the same ticket was {answer_to(client)}. What "
        "raises inside of `begin()` rolls back; so let it end first."
    )


# - An `Origin` has to be among the allowed ones, unless `*` is. Without an `Origin`,
# the ticket decides.
EVIL = [
    *("", "https://evil.example", "null", "http://waybill.example", f"{OUR}:8443"),
    *(f"{OUR}.evil.example", "https://waybill", "https://www.waybill.example"),
    *(
        "http://waybill",
        "http://localhost",
        "https://evil.example/https://waybill.example",
    ),
]


@pytest.mark.parametrize("origin", [*EVIL, OUR, "http://localhost:3000", None])
async def test_other_origins_are_refused(
    app: FastAPI, open_client: Open, ticket: Ticket, origin: str | None
) -> None:
    """A page of an origin that isn't allowed is refused, with the best of tickets."""
    headers = {"Host": "waybill"} | ({} if origin is None else {"Origin": origin})
    address = f"/depots/HAM/live?ticket={await ticket()}"
    client = await open_client(app, address, headers)
    wanted = "refused" if origin in EVIL else "accepted"
    assert answer_to(client) == wanted, (
        f"The allowed origins are {app.state.settings.allowed_origins}. With a good "
        f"ticket and the Origin {origin}, a connection was {answer_to(client)}; "
        f"{wanted} was expected."
    )


@pytest.mark.parametrize("allowed", [["*"], [OUR, "*"], []])
async def test_all_or_no_origins(
    app: FastAPI, open_client: Open, ticket: Ticket, allowed: list[str]
) -> None:
    """With `*` every origin is allowed, with an empty list none."""
    settings = app.state.settings.model_copy(update={"allowed_origins": allowed})
    app.state.settings = settings
    for origin in ("https://any.example", "*", "null"):
        address = f"/depots/HAM/live?ticket={await ticket()}"
        client = await open_client(app, address, {"Origin": origin})
        wanted = "accepted" if allowed else "refused"
        assert answer_to(client) == wanted, (
            f"The allowed origins are {allowed}. With a good ticket and the Origin "
            f"{origin}, a connection was {answer_to(client)}; {wanted} was expected."
        )


# - Whoever is refused is never accepted.
async def test_nobody_is_accepted_first(
    app: FastAPI, open_client: Open, ticket: Ticket
) -> None:
    """Whoever is refused is never accepted, and never in a room."""
    refused: list[tuple[str, dict[str, str]]] = [
        ("?ticket=nonsense", {}),
        (f"?ticket={await ticket(BOB)}", {}),
        (f"?ticket={await ticket()}", {"Origin": "https://evil.example"}),
    ]
    for query, headers in refused:
        client = await open_client(app, f"/depots/HAM/live{query}", headers)
        assert not client.accepted, (
            f"A connection with {headers or query} was {answer_to(client)}. Raise a "
            "WebSocketException in the dependency, before anybody accepts."
        )
        assert not app.state.hub.rooms, "Somebody was refused, and is in a room."
