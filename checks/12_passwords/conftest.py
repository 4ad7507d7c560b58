"""Fixtures of this lesson: cheap, watched hashing, and a database without luck."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from functools import partialmethod
from types import SimpleNamespace
from typing import TYPE_CHECKING

import httpx
import pytest
from anyio import CapacityLimiter, to_thread
from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import SecretStr

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

    from waybill.passwords import Passwords

    Sessions = async_sessionmaker[AsyncSession]

Connect = Callable[..., httpx.AsyncClient]

HASH = "$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA"
MADE: set[str] = set()
"""Every hash that a `Passwords` of `make_passwords` has made."""


@pytest.fixture
async def client(connect: Connect, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a file's `app`."""
    async with connect(app) as client:
        yield client


@pytest.fixture
def argon2(monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    """Stands in for Argon2: pwdlib asks this class of argon2-cffi for all of its own.

    What it has `done`, and on which threads, is noted. While `go` is cleared, whoever
    begins a piece of work that is among the `held` stays in there. `settle` waits until
    no more begins, and returns how many are in there; `count` then lets them all go.
    """
    from argon2 import PasswordHasher

    argon2 = SimpleNamespace(
        done=[], running=0, go=threading.Event(), held={"hash", "verify"}
    )
    argon2.go.set()
    lock, home = threading.Lock(), threading.get_ident()

    def stand_in(name: str, answer: object) -> Callable[..., object]:
        def watched(*_arguments: object, **_others: object) -> object:
            here = threading.get_ident()
            argon2.done.append((name, here))
            if name not in argon2.held or here == home:
                return answer
            with lock:
                argon2.running += 1
            argon2.go.wait()
            with lock:
                argon2.running -= 1
            return answer

        return watched

    async def settle(enough: int) -> int:
        own = CapacityLimiter(1)
        for _ in range(300):  # a thread comes and goes each time: others get on
            await to_thread.run_sync(int, limiter=own)
            if argon2.running >= enough:
                break
        for _ in range(30):
            await to_thread.run_sync(int, limiter=own)
        return int(argon2.running)

    async def count(asked: Sequence[asyncio.Future[object]], enough: int) -> int:
        try:
            return await settle(enough)
        finally:
            argon2.go.set()
            await asyncio.gather(*asked, return_exceptions=True)

    argon2.settle, argon2.count = settle, count
    for name, answer in (("hash", HASH), ("verify", True)):
        monkeypatch.setattr(PasswordHasher, name, stand_in(name, answer))
    yield argon2
    argon2.go.set()


@pytest.fixture
def begin() -> Callable[["Passwords", int], list[asyncio.Future[object]]]:
    """Return a function that asks for so many hashes and as many verifications."""
    secret = SecretStr("correct horse battery")

    def begin(passwords: "Passwords", jobs: int) -> list[asyncio.Future[object]]:
        asked = [passwords.verify(secret, HASH) for _ in range(jobs)]
        asked += [passwords.hash(secret) for _ in range(jobs)]
        return [asyncio.ensure_future(one) for one in asked]

    return begin


@pytest.fixture
def cheap_argon2(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks Argon2 for a hash pays hardly anything."""
    from argon2 import PasswordHasher

    make = PasswordHasher.__init__
    cheap = partialmethod(lambda hasher, *_, **__: make(hasher, 1, 64, 1))
    monkeypatch.setattr(PasswordHasher, "__init__", cheap)


@pytest.fixture
def watched() -> SimpleNamespace:
    """What was seen of the `Passwords` that `make_passwords` makes.

    `work`: each call of `hash` and `verify`. `secrets`: what `hash` was asked to hash.
    `foreign`: hashes handed to `verify` that they did not make. `lent`: how many
    connections were lent out during a call. What is `meanwhile` happens during a call.
    """
    return SimpleNamespace(work=[], secrets=[], foreign=[], lent=[], meanwhile=[])


@pytest.fixture
def make_passwords(
    watched: SimpleNamespace, engine: "AsyncEngine"
) -> "Callable[..., Passwords]":
    """Return a function that makes what hashes, at hardly any cost, and is watched."""
    from sqlalchemy.pool import QueuePool

    from waybill.passwords import Passwords, PasswordSettings

    pool = engine.sync_engine.pool
    assert isinstance(pool, QueuePool)

    async def note(work: str) -> None:
        watched.work.append(work)
        watched.lent.append(pool.checkedout())
        while watched.meanwhile:
            await watched.meanwhile.pop()()

    class Watched(Passwords):
        async def hash(self, password: SecretStr) -> str:
            await note("hash")
            watched.secrets.append(password.get_secret_value())
            made = await super().hash(password)
            MADE.add(made)
            watched.lent.append(pool.checkedout())
            return made

        async def verify(
            self, password: SecretStr, hashed: str
        ) -> tuple[bool, str | None]:
            await note("verify")
            if hashed not in MADE:
                # Its cost is another, and it may be no hash at all.
                watched.foreign.append(hashed)
                return False, None
            is_right, renewed = await super().verify(password, hashed)
            MADE.update({renewed} if renewed else ())
            watched.lent.append(pool.checkedout())
            return is_right, renewed

    def make(rounds: int = 2) -> "Passwords":
        return Watched(PasswordSettings(rounds=rounds, memory_kib=64, lanes=1))

    return make


@pytest.fixture
async def known(
    sessions: "Sessions",
    make_passwords: "Callable[..., Passwords]",
    watched: SimpleNamespace,
) -> dict[str, SimpleNamespace]:
    """Lena, Ada, Bob who is inactive, and one who has no credential, by address."""
    from waybill.tables import Account, Credential, Role

    hasher, people = make_passwords(), {}
    async with sessions.begin() as session:
        for id_, name, role, password in (
            (41, "lena", Role.DISPATCHER, "correct horse battery"),
            (7, "ada", Role.COURIER, "  staple with spaces "),
            (19, "bob", Role.SENDER, "bob was sent away"),
            (3, "demo", Role.SENDER, ""),
        ):
            email = f"{name}@example.com"
            session.add(Account(id=id_, email=email, role=role, active=name != "bob"))
            await session.flush()
            if password:
                hashed = await hasher.hash(SecretStr(password))
                session.add(Credential(account_id=id_, hash=hashed))
            people[email] = SimpleNamespace(id=id_, email=email, password=password)
    for seen in vars(watched).values():
        seen.clear()
    return people


@pytest.fixture
def hash_of(sessions: "Sessions") -> Callable[[SimpleNamespace], Awaitable[str]]:
    """Return a function that reads the hash that is stored for somebody."""

    async def read(one: SimpleNamespace) -> str:
        from sqlalchemy import select

        from waybill.tables import Credential

        query = select(Credential.hash).where(Credential.account_id == one.id)
        async with sessions() as session:
            return (await session.scalars(query)).one()

    return read


@pytest.fixture
def rivals(engine: "AsyncEngine") -> list[str]:
    """Let another process take Lena's address, once; this notes that it did.

    It comes right before the first INSERT of an account is sent.
    """
    from sqlalchemy import event

    rivals: list[str] = []

    @event.listens_for(engine.sync_engine, "before_cursor_execute")
    def be_faster(*details: object) -> None:
        if "INSERT INTO accounts" in str(details[2]) and not rivals:
            rivals.append("faster")
            with sqlite3.connect(str(engine.url.database), timeout=5) as rival:
                rival.execute(
                    "INSERT INTO accounts (email, role, active) "
                    "VALUES ('lena@example.com', 'SENDER', 1)"
                )
            rival.close()

    return rivals


@pytest.fixture
def refuse_rows(engine: "AsyncEngine") -> Callable[[str], list[str]]:
    """Return a function after which no row of one kind can be stored.

    It fails as SQLAlchemy says it: the disk is full for an account, and a credential
    breaks a constraint. The list that it returns notes each attempt.
    """
    from sqlalchemy import event, exc

    failures: dict[str, exc.DBAPIError] = {
        "account": exc.OperationalError("INSERT", {}, Exception("disk is full")),
        "credential": exc.IntegrityError("INSERT", {}, Exception("constraint failed")),
    }

    def for_each(row: str) -> list[str]:
        failed: list[str] = []

        @event.listens_for(engine.sync_engine, "before_cursor_execute")
        def refuse(*details: object) -> None:
            if f"INSERT INTO {row}s" in str(details[2]):
                failed.append(row)
                raise failures[row]

        return failed

    return for_each


@pytest.fixture
def sent(engine: "AsyncEngine") -> list[str]:
    """Every value that is sent to the database along with a statement."""
    from sqlalchemy import event

    values: list[str] = []

    @event.listens_for(engine.sync_engine, "before_cursor_execute")
    def note(*details: object) -> None:
        values.append(repr(details[3]))

    return values


@pytest.fixture
def leak() -> Callable[[FastAPI], None]:
    """Return what teaches an app to repeat whatever was sent."""

    async def show(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        content = {"detail": jsonable_encoder(error.errors()), "body": str(error.body)}
        return JSONResponse(content, 422)

    return lambda app: app.add_exception_handler(RequestValidationError, show)
