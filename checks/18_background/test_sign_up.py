"""Checks of background.sign_up: a letter after the commit, whatever becomes of it."""

import logging
from collections.abc import Awaitable, Callable
from smtplib import SMTPRecipientsRefused
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fastapi import FastAPI, Response

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker
    from starlette.types import Message, Receive, Scope, Send

    Sessions = async_sessionmaker[AsyncSession]

Given = Any  # what a fixture of this lesson returns
Connect = Callable[..., httpx.AsyncClient]
Stored = Callable[[], Awaitable[dict[str, str | None]]]
PASSWORD = "correct horse battery"  # noqa: S105
BOB, LENA_ID = 17, 311
LENA = {"email": "lena@example.com", "password": PASSWORD}
ADA = {"email": "ada@example.com", "password": PASSWORD}


@pytest.fixture
def app(sessions: "Sessions", passwords: Given, mailbox: Given) -> FastAPI:
    """An app with the accounts, whose letters go to the mailbox."""
    from waybill import accounts
    from waybill.passwords import app_passwords

    app = FastAPI()
    app.state.sessions = sessions
    app.dependency_overrides[app_passwords] = lambda: passwords
    app.dependency_overrides[accounts.app_send] = lambda: mailbox
    app.include_router(accounts.router)
    return app


async def sign_up(
    connect: Connect, app: FastAPI, body: dict[str, str] = LENA
) -> Response:
    """Sign up, and return the answer; a crash is a 500."""
    async with connect(app, raise_app_exceptions=False) as client:
        return await client.post("/accounts", json=body)  # type: ignore[return-value]


@pytest.fixture
async def at_the_answer(app: FastAPI) -> Any:  # noqa: ANN401
    """An app around that one; `do` is called as soon as a client gets the answer."""
    watched = SimpleNamespace(do=None, sent=[])

    async def around(scope: "Scope", receive: "Receive", send: "Send") -> None:
        async def tell(message: "Message") -> None:
            await send(message)
            watched.sent.append(message["type"])
            if message["type"] == "http.response.start" and watched.do:
                await watched.do()

        await app(scope, receive, tell)

    watched.app = around
    return watched


# - What works today stays:
async def test_an_account_is_opened(
    connect: Connect, app: FastAPI, passwords: Given, stored: Stored
) -> None:
    """Signing up is answered 201, and the account comes with its credential."""
    for number, email in enumerate(("lena@example.com", "bob@example.com"), start=1):
        response = await sign_up(connect, app, LENA | {"email": email.title()})
        wanted = {"id": number, "email": email, "role": "sender"}
        assert (response.status_code, response.json()) == (201, wanted)
    kept = await stored()
    made = f"hash of {len(PASSWORD)} characters"
    assert kept == {"lena@example.com": made, "bob@example.com": made}, f"Kept: {kept}"
    assert not passwords.lent[0], (
        "While a password was hashed, the request held a connection."
    )


# - The letter is sent as a background task, after the account is committed.
async def test_the_answer_comes_first(
    connect: Connect, at_the_answer: Given, mailbox: Given, stored: Stored
) -> None:
    """The answer has gone out before the letter is sent."""
    gone_out: list[str] = []
    seen: dict[str, str | None] = {}

    async def look() -> None:
        gone_out.extend(at_the_answer.sent)
        seen.update(await stored())

    mailbox.meanwhile = look
    await sign_up(connect, at_the_answer.app)
    assert mailbox.tried == 1, (
        f"{mailbox.tried} letters were sent; one is right. A session of its own sees "
        "the account from the commit on, and a background task runs after that."
    )
    assert "http.response.body" in gone_out, (
        "The letter was sent before the answer: whoever signs up waits for the mail "
        "server. `add_task` leaves it for later."
    )
    assert LENA["email"] in seen, "The letter was sent before the account was there."
    assert mailbox.letters == [(LENA["email"], "<welcome-1@waybill>")], (
        f"The letters are {mailbox.letters}. Each try of one letter needs the same key."
    )


# - What works today stays:
async def test_what_is_refused_gets_no_letter(
    connect: Connect, app: FastAPI, mailbox: Given
) -> None:
    """A taken address is a 409, a bad one a 422, and neither gets a letter."""
    await sign_up(connect, app)
    first = mailbox.tried
    for body, status in (
        (LENA, 409),
        (LENA | {"email": "lena"}, 422),
        (LENA | {"role": "dispatcher"}, 422),
        (LENA | {"password": "short"}, 422),
    ):
        response = await sign_up(connect, app, body)
        assert response.status_code == status, (
            f"{body} was answered {response.status_code} instead of {status}."
        )
    assert (first, mailbox.tried) == (1, 1), (
        f"One sign-up worked and four were refused; {mailbox.tried} letters were sent."
    )


# - `welcome` gets an id, and opens a session of its own.
async def test_no_connection_waits_for_the_mail(
    connect: Connect, app: FastAPI, mailbox: Given, engine: "AsyncEngine"
) -> None:
    """While a letter is sent, no connection is held, and none is left behind."""
    await sign_up(connect, app)
    assert not any(mailbox.lent), (
        f"While the letter was sent, {mailbox.lent} connections were lent out. A slow "
        "mail server would empty the pool: end the session first."
    )
    pool: Any = engine.sync_engine.pool
    assert pool.checkedout() == 0, (
        f"After it all, {pool.checkedout()} connections are still lent out. The "
        "session of the request is closed when a task runs: open one of your own."
    )


# - `welcome` gets an id, and opens a session of its own.
@pytest.mark.usefixtures("people")
async def test_an_id_is_enough(sessions: "Sessions", mailbox: Given) -> None:
    """`welcome` finds the account by its id, whichever it is."""
    from waybill.accounts import welcome

    for number in (BOB, LENA_ID):
        await welcome(sessions, mailbox, number)
    to = [one for one, _ in mailbox.letters]
    assert to == ["bob@example.com", "lena@example.com"], (
        f"welcome was called for Bob and for Lena, and letters went to {to}."
    )
    keys = [key for _, key in mailbox.letters]
    assert keys == [f"<welcome-{one}@waybill>" for one in (BOB, LENA_ID)], (
        f"Their Message-IDs are {keys}."
    )


# - The letter goes to the address that the account has by then.
@pytest.mark.parametrize("what", ["moved", "closed", "gone"])
async def test_the_account_is_read_again(
    connect: Connect,
    at_the_answer: Given,
    sessions: "Sessions",
    mailbox: Given,
    what: str,
) -> None:
    """What became of the account after the answer counts."""
    from sqlalchemy import delete, update

    from waybill.tables import Account, Credential

    async def change() -> None:
        async with sessions.begin() as session:
            if what == "moved":
                new = update(Account).values(email="lena@elsewhere.example")
                await session.execute(new)
            elif what == "closed":
                await session.execute(update(Account).values(active=False))
            else:
                await session.execute(delete(Credential))
                await session.execute(delete(Account))

    at_the_answer.do = change
    await sign_up(connect, at_the_answer.app)
    to = [one for one, _ in mailbox.letters]
    wanted = ["lena@elsewhere.example"] if what == "moved" else []
    happened = {
        "moved": "got another address",
        "closed": "was closed",
        "gone": "was deleted",
    }
    assert to == wanted, (
        f"Between the answer and the task the account {happened[what]}. Letters went "
        f"to {to}; wanted is {wanted}. Give the task the id, and read the account."
    )


# - Whatever fails there, a line in `log` names the account's id, and not the address.
@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError("no mail server"),
        TimeoutError(),
        SMTPRecipientsRefused({"ada@example.com": (550, b"ada@example.com? who?")}),
        RuntimeError("ada@example.com"),
        KeyError("ada@example.com"),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_a_failure_goes_no_further(
    connect: Connect,
    app: FastAPI,
    mailbox: Given,
    stored: Stored,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
) -> None:
    """A letter that can't be sent leaves the account and a line, and nothing raises."""
    caplog.set_level(logging.INFO)
    mailbox.fails = [error]
    raised: list[str] = []
    async with connect(app) as client:
        try:
            response = await client.post("/accounts", json=ADA)
            assert response.status_code == 201, f"It was answered {response.text}."
        except type(error):
            raised.append(type(error).__name__)
    kept = await stored()
    assert ADA["email"] in kept, (
        f"The letter failed with {type(error).__name__}, and the account is lost: "
        f"what is stored is {kept or 'nothing'}."
    )
    assert not raised, (
        f"The letter failed with {raised[0]}, which was raised. It ends every task "
        "that comes after this one, and the connection of whoever signed up."
    )
    lines = [
        caplog.handler.format(record)
        for record in caplog.records
        if record.name.startswith("waybill") and record.levelno >= logging.WARNING
    ]
    assert len(lines) == 1, f"A letter failed, and the log has {len(lines)} lines."
    assert "1095" in lines[0], f"The letter of account 1095 failed: {lines[0]!r}."
    quoted = [part for part in lines[0].splitlines() if "ada@" in part]
    assert not quoted, (
        f"The log repeats an address: {quoted[0]!r}. The text of an error may hold "
        "one, and a traceback ends with it. Log `type(error).__name__` alone."
    )


# - Whatever fails there, a line in `log` names the account's id, and not the address.
async def test_a_database_that_fails_is_a_line(
    sessions: "Sessions",
    mailbox: Given,
    engine: "AsyncEngine",
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A database that is gone by then is a line in the log, too."""
    from sqlalchemy import event
    from sqlalchemy.exc import OperationalError

    from waybill.accounts import welcome

    @event.listens_for(engine.sync_engine, "before_cursor_execute")
    def refuse(*_: object) -> None:
        raise OperationalError("SELECT", {}, Exception("gone"))

    raised = ""
    try:
        await welcome(sessions, mailbox, LENA_ID)
    except OperationalError:
        raised = "raised"
    assert not raised, "The database was gone when the task ran: that was raised."
    lines = [one for one in caplog.records if "waybill" in one.name]
    assert lines, "The database was gone when the task ran: the log says nothing."
