"""Checks of background.welcome: the account and its job, or neither."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fastapi import FastAPI

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker
    from starlette.types import Message, Receive, Scope, Send

    Sessions = async_sessionmaker[AsyncSession]

Connect = Callable[..., httpx.AsyncClient]
Stored = Callable[[], Awaitable[dict[str, str | None]]]
Jobs = Callable[[], Awaitable[list[Any]]]
PASSWORD = "correct horse battery"  # noqa: S105
LENA = {"email": "lena@example.com", "password": PASSWORD}


@pytest.fixture
def app(
    sessions: "Sessions",
    passwords: Any,  # noqa: ANN401
    monkeypatch: pytest.MonkeyPatch,
) -> FastAPI:
    """An app with the accounts; nobody can be reached from it."""
    import smtplib

    from waybill import accounts
    from waybill.passwords import app_passwords

    def nobody(*_: object, **__: object) -> None:
        raise AssertionError("sign_up called the mail server. The worker does that.")

    monkeypatch.setattr(smtplib.SMTP, "connect", nobody)
    app = FastAPI()
    app.state.sessions = sessions
    app.dependency_overrides[app_passwords] = lambda: passwords
    app.include_router(accounts.router)
    return app


@pytest.fixture
def commit_fails(engine: "AsyncEngine") -> Callable[[], None]:
    """Return a function after whose call every commit of the engine fails."""
    from sqlalchemy import event

    def fail(*_: object) -> None:
        raise ConnectionError("the database is gone")

    return lambda: event.listen(engine.sync_engine, "commit", fail)


async def sign_up(
    connect: Connect,
    app: Any,  # noqa: ANN401
    body: dict[str, str] = LENA,
) -> httpx.Response:
    """Sign up, and return the answer; a crash is a 500."""
    async with connect(app, raise_app_exceptions=False) as client:
        return await client.post("/accounts", json=body)


# - The account and its job of the kind `welcome` are committed together, or not at all.
async def test_both_are_there_with_the_answer(
    connect: Connect, app: FastAPI, jobs: Jobs, stored: Stored
) -> None:
    """When the answer goes out, everybody sees the account and its job."""
    seen: list[tuple[int, int]] = []

    async def watched(scope: "Scope", receive: "Receive", send: "Send") -> None:
        async def tell(message: "Message") -> None:
            if message["type"] == "http.response.start":
                seen.append((len(await stored()), len(await jobs())))
            await send(message)

        await app(scope, receive, tell)

    response = await sign_up(connect, watched)
    assert response.status_code == 201, f"It was answered {response.text}."
    assert seen == [(1, 1)], (
        "Right before the answer went out, another connection saw (accounts, jobs): "
        f"{seen}. A process that is killed now has lost the letter. Add the job to the "
        "session of the request."
    )


# - The account and its job of the kind `welcome` are committed together, or not at all.
async def test_one_transaction(
    connect: Connect, app: FastAPI, engine: "AsyncEngine", queries: list[str]
) -> None:
    """The account, its credential and its job are in one transaction."""
    from sqlalchemy import event

    commits: list[int] = []

    @event.listens_for(engine.sync_engine, "commit")
    def note(_connection: object) -> None:
        commits.append(sum("INSERT INTO" in one for one in queries))

    await sign_up(connect, app)
    assert [one for one in commits if one] == [3], (
        f"At each commit, so many rows had been inserted: {commits}. One commit keeps "
        "all three, or they can be parted."
    )


# - The account and its job of the kind `welcome` are committed together, or not at all.
async def test_or_not_at_all(
    connect: Connect,
    app: FastAPI,
    jobs: Jobs,
    stored: Stored,
    commit_fails: Callable[[], None],
) -> None:
    """Where the commit fails there is neither, and the answer is a 500."""
    commit_fails()
    response = await sign_up(connect, app)
    left = (response.status_code, len(await stored()), len(await jobs()))
    assert left == (500, 0, 0), (
        f"The commit failed, and (status, accounts, jobs) are {left}."
    )


# - The account and its job of the kind `welcome` are committed together, or not at all.
async def test_what_is_refused_has_no_job(
    connect: Connect, app: FastAPI, jobs: Jobs
) -> None:
    """A sign-up that is refused leaves no job."""
    await sign_up(connect, app)
    for body, status in ((LENA, 409), (LENA | {"email": "lena"}, 422)):
        response = await sign_up(connect, app, body)
        assert response.status_code == status, f"{body}: {response.status_code}"
    count = len(await jobs())
    assert count == 1, f"One sign-up worked and two were refused; {count} jobs."


# - The job's payload is `{"account_id": …}`, and it may run at once.
@pytest.mark.usefixtures("people")
async def test_the_job_names_the_account(
    connect: Connect, app: FastAPI, jobs: Jobs
) -> None:
    """Each job is of the kind `welcome`, names its account, and waits for nothing."""
    before = datetime.now(UTC)
    ids = []
    for email in ("ada@example.com", "ben@example.com"):
        response = await sign_up(connect, app, LENA | {"email": email})
        ids.append(response.json()["id"])
    found = await jobs()
    assert [one.kind for one in found] == ["welcome"] * 2, f"The jobs are {found}."
    payloads = [one.payload for one in found]
    assert payloads == [{"account_id": one} for one in ids], (
        f"Accounts {ids} were opened, and the payloads are {payloads}; each should be "
        '`{"account_id": …}` with the id of its account.'
    )
    after = datetime.now(UTC)
    for one in found:
        assert (one.state, one.attempts) == ("waiting", 0), f"The job is {one}."
        assert before - timedelta(minutes=1) < one.run_at <= after, (
            f"Somebody signed up before {after}, and the job may run at {one.run_at}: "
            "it may run at once."
        )


# - `sign_up` sends nothing, and needs no tasks.
async def test_nothing_is_left_to_do(
    connect: Connect,
    app: FastAPI,
    mailbox: Any,  # noqa: ANN401
) -> None:
    """`sign_up` sends no letter, and leaves no task."""
    from waybill import accounts

    if hasattr(accounts, "app_send"):  # left over from before
        app.dependency_overrides[accounts.app_send] = lambda: mailbox
    response = await sign_up(connect, app)
    assert response.status_code == 201, f"It was answered {response.text}."
    assert mailbox.tried == 0, "sign_up sent the letter. That is the worker's job now."
    (route,) = [one for one in accounts.router.routes if hasattr(one, "dependant")]
    assert route.dependant.background_tasks_param_name is None, (
        "`sign_up` still declares BackgroundTasks, and the job needs none."
    )


# - The rest stays as it is.
async def test_an_account_is_opened(
    connect: Connect,
    app: FastAPI,
    stored: Stored,
    passwords: Any,  # noqa: ANN401
) -> None:
    """Signing up is answered as before, and the account comes with its credential."""
    response = await sign_up(connect, app, LENA | {"email": "Lena@Example.com"})
    wanted = {"id": 1, "email": "lena@example.com", "role": "sender"}
    assert (response.status_code, response.json()) == (201, wanted)
    kept = await stored()
    assert kept == {"lena@example.com": f"hash of {len(PASSWORD)} characters"}
    assert passwords.lent == [0], "A connection was held while the password was hashed."


# - The rest stays as it is.
@pytest.mark.usefixtures("people")
async def test_welcome_raises_what_fails(
    sessions: "Sessions",
    mailbox: Any,  # noqa: ANN401
) -> None:
    """`welcome` sends as before, holds no connection, and raises what fails."""
    from waybill.accounts import welcome
    from waybill.tables import Job

    def job(account_id: int) -> Job:
        return Job(id=4, kind="welcome", payload={"account_id": account_id})

    for number in (311, 1094, 404, 17):
        await welcome(mailbox, sessions, job(number))
    assert mailbox.letters == [
        ("lena@example.com", "<welcome-311@waybill>"),
        ("bob@example.com", "<welcome-17@waybill>"),
    ], (
        f"The letters are {mailbox.letters}. Account 1094 is closed and 404 is gone: "
        "they get none; 311 and 17 get one each."
    )
    assert mailbox.lent == [0, 0], "A connection was held while a letter was sent."
    mailbox.fails = [ConnectionRefusedError("no mail server")]
    with pytest.raises(ConnectionRefusedError):
        await welcome(mailbox, sessions, job(311))
