"""Fixtures of this lesson: cheap, watched hashing, and a database without luck."""

import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partialmethod
from types import SimpleNamespace
from typing import TYPE_CHECKING

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    from waybill.passwords import Passwords

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

    What it has `done`, and on which threads, is noted. So many are `running`; they stay
    in there while `go` is cleared.
    """
    from argon2 import PasswordHasher

    argon2 = SimpleNamespace(done=[], running=0, go=threading.Event())
    argon2.go.set()
    lock, home = threading.Lock(), threading.get_ident()

    def stand_in(name: str, answer: object) -> Callable[..., object]:
        def watched(*_arguments: object, **_others: object) -> object:
            here = threading.get_ident()
            with lock:
                argon2.done.append((name, here))
                argon2.running += 1
            try:
                if here != home:
                    argon2.go.wait()
                return answer
            finally:
                with lock:
                    argon2.running -= 1

        return watched

    for name, answer in (("hash", HASH), ("verify", True)):
        monkeypatch.setattr(PasswordHasher, name, stand_in(name, answer))
    yield argon2
    argon2.go.set()


@pytest.fixture
def cheap_argon2(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks Argon2 for a hash pays hardly anything."""
    from argon2 import PasswordHasher

    make = PasswordHasher.__init__
    cheap = partialmethod(lambda hasher, *_, **__: make(hasher, 1, 64, 1))
    monkeypatch.setattr(PasswordHasher, "__init__", cheap)


@pytest.fixture
def work() -> list[str]:
    """Each call of `hash` and of `verify`, in order."""
    return []


@pytest.fixture
def foreign() -> list[str]:
    """What `verify` was handed that no `Passwords` of these checks has made."""
    return []


@pytest.fixture
def make_passwords(work: list[str], foreign: list[str]) -> "Callable[..., Passwords]":
    """Return a function that makes what hashes, at hardly any cost, and notes it."""
    from waybill.passwords import Passwords, PasswordSettings

    class Noting(Passwords):
        async def hash(self, password: SecretStr) -> str:
            work.append("hash")
            made = await super().hash(password)
            MADE.add(made)
            return made

        async def verify(
            self, password: SecretStr, hashed: str
        ) -> tuple[bool, str | None]:
            work.append("verify")
            if hashed not in MADE:
                # Its cost is another, and it may be no hash at all.
                foreign.append(hashed)
                return False, None
            is_right, renewed = await super().verify(password, hashed)
            MADE.update({renewed} if renewed else ())
            return is_right, renewed

    def make(rounds: int = 2) -> "Passwords":
        return Noting(PasswordSettings(rounds=rounds, memory_kib=64, lanes=1))

    return make


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
            with sqlite3.connect(str(engine.url.database), timeout=0) as rival:
                rival.execute(
                    "INSERT INTO accounts (email, role, active) "
                    "VALUES ('lena@example.com', 'SENDER', 1)"
                )
            rival.close()

    return rivals


@pytest.fixture
def fill_disk(engine: "AsyncEngine") -> Callable[[str], list[str]]:
    """Return a function after which no row of one kind can be stored.

    The list that it returns notes each attempt.
    """
    from sqlalchemy import event

    def for_each(row: str) -> list[str]:
        failed: list[str] = []

        @event.listens_for(engine.sync_engine, "before_cursor_execute")
        def disk_full(*details: object) -> None:
            if f"INSERT INTO {row}s" in str(details[2]):
                failed.append(row)
                raise OSError("the disk is full")

        return failed

    return for_each
