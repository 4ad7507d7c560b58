"""Fixtures of this lesson: a mail server, three people, and a table of jobs."""

import asyncio
import socket
import sqlite3
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from email.message import EmailMessage

    from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

LENA, BOB, CLOSED = 311, 17, 1094
PEOPLE = {LENA: "lena@example.com", BOB: "bob@example.com", CLOSED: "zoe@example.com"}
AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LONGEST = 3.0
"""Seconds after which a server hangs up on a client that never will."""

# A certificate for 127.0.0.1 that vouches for itself. Its key is no secret.
KEY = """-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgjXs6BplMfmbNCgVN
orxlNeOO1V2JcXvJtsSLiTi8cRahRANCAARkdy0aL7hKtHONuSJ/m6A1OSJs5w4k
4BvJz510BOAf3VUDziQWpGrm07lY4XT50jcu6FWzo+byMqMXJkzYkya6
-----END PRIVATE KEY-----
"""
CERTIFICATE = """-----BEGIN CERTIFICATE-----
MIIBjzCCATagAwIBAgIUL3oDRbEy4oKBPDgocIoi4FrcdbwwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJMTI3LjAuMC4xMCAXDTI2MTEzMDE2NTM0NFoYDzIxMjYxMTA2
MTY1MzQ0WjAUMRIwEAYDVQQDDAkxMjcuMC4wLjEwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARkdy0aL7hKtHONuSJ/m6A1OSJs5w4k4BvJz510BOAf3VUDziQWpGrm
07lY4XT50jcu6FWzo+byMqMXJkzYkya6o2QwYjAdBgNVHQ4EFgQU9LOb0c7r2dai
AdsS8BD53VzeONswHwYDVR0jBBgwFoAU9LOb0c7r2daiAdsS8BD53VzeONswDwYD
VR0TAQH/BAUwAwEB/zAPBgNVHREECDAGhwR/AAABMAoGCCqGSM49BAMCA0cAMEQC
IGPOOoCJoTai9/RToylUw+tKoz1uyaYgTNMrJnfk1pQFAiBwXOy9w5rA4D8C7eNM
AN+F+3kiTOOuUElOtf3i27pa0w==
-----END CERTIFICATE-----
"""

USUAL = dict.fromkeys(["HELO", "MAIL", "RCPT", "RSET", "NOOP"], "250 fine")
USUAL |= {"AUTH": "235 come in", "QUIT": "221 good bye"}


class PostOffice:
    """A mail server on this machine, which notes all that it hears.

    `heard` has each line, and whether it was encrypted; `secret` is whether it can
    encrypt; `answers` has what it says to a command instead; `meanwhile` is called
    before it accepts a letter. A `silent` one notes that the caller has `hung_up`.
    """

    def __init__(self, certificate: Path) -> None:
        self.certificate = str(certificate)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate)
        self.secret = False
        self.silent = False
        self.hung_up = threading.Event()
        self.answers: dict[str, str] = {}
        self.meanwhile: Callable[[], object] = lambda: None
        self.heard: list[tuple[str, bool]] = []
        self.letters: list[bytes] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def commands(self, *, encrypted: bool) -> list[str]:
        """Return the commands that came, in capitals, so or so."""
        found = [line for line, secret in self.heard if secret == encrypted]
        return [line.split(" ")[0].upper() for line in found]

    def close(self) -> None:
        """Take no further call, and end those that are open."""
        for one in (self._socket, *self._open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._thread.join(LONGEST)

    def _serve(self) -> None:
        while True:
            try:
                call, _ = self._socket.accept()
            except OSError:
                return
            call.settimeout(LONGEST)
            self._open.append(call)
            with suppress(OSError, ValueError):  # the caller is gone, or never will be
                self._talk(call)
            self._open[-1].close()

    def _talk(self, call: socket.socket) -> None:
        if self.silent:
            while call.recv(99):
                pass
            self.hung_up.set()
            return
        file, encrypted = call.makefile("rwb"), False
        self._say(file, self.answers.get("GREETING", "220 post office"))
        while line := file.readline():
            text = line.decode("utf-8", "replace").rstrip("\r\n")
            self.heard.append((text, encrypted))
            command = text.split(" ")[0].upper()
            if command in self.answers:
                self._say(file, self.answers[command])
            elif command == "STARTTLS" and self.secret:
                self._say(file, "220 go ahead")
                call = self.context.wrap_socket(call, server_side=True)
                self._open[-1], encrypted = call, True
                file = call.makefile("rwb")
            elif command == "DATA":
                self._take_letter(file)
            elif command == "EHLO":
                offers = ["SMTPUTF8", "8BITMIME", "AUTH PLAIN LOGIN"]
                offers += ["STARTTLS"] * (self.secret and not encrypted)
                self._say(file, *[f"250-{one}" for one in offers], "250 SIZE 99999")
            else:
                self._say(file, USUAL.get(command, "502 what?"))

    def _take_letter(self, file: Any) -> None:  # noqa: ANN401
        self._say(file, "354 go on")
        letter = b""
        while (line := file.readline()) not in {b".\r\n", b""}:
            letter += line.removeprefix(b".") if line[:2] == b".." else line
        self.meanwhile()
        self.letters.append(letter)
        self._say(file, "250 accepted")

    def _say(self, file: Any, *lines: str) -> None:  # noqa: ANN401
        file.write("".join(f"{line}\r\n" for line in lines).encode())
        file.flush()


@pytest.fixture
def post_office(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[PostOffice]:
    """A mail server that listens on 127.0.0.1, at its `port`."""
    monkeypatch.setattr(socket, "getfqdn", lambda *_: "waybill")  # asks the network
    file = tmp_path / "mail.pem"
    file.write_text(KEY + CERTIFICATE, encoding="ascii")
    office = PostOffice(file)
    try:
        yield office
    finally:
        office.close()


TWO_WRITERS = (
    "While one transaction was open and had written, a second one was to write. On "
    "SQLite it would wait for ever. End the first one before somebody else's turn."
)


@pytest.fixture
def engine(engine: "AsyncEngine") -> "AsyncEngine":
    """The engine of all checks; who would wait for a lock of its own fails at once."""
    from sqlalchemy import Connection, event

    writing: dict[object, Connection] = {}

    @event.listens_for(engine.sync_engine, "before_cursor_execute")
    def note(connection: Connection, _cursor: object, sql: str, *_: object) -> None:
        if sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            first = writing.setdefault(asyncio.current_task(), connection)
            assert first is connection, TWO_WRITERS

    def forget(connection: Connection) -> None:
        for task in [one for one, by in writing.items() if by is connection]:
            del writing[task]

    for name in ("commit", "rollback"):
        event.listen(engine.sync_engine, name, forget)
    return engine


@pytest.fixture
def jobs(
    sessions: "async_sessionmaker[AsyncSession]",
) -> Callable[[], Awaitable[list[Any]]]:
    """Return a function that reads all rows of jobs, as others see them, by id."""

    async def read() -> list[Any]:
        from sqlalchemy import select

        from waybill.tables import Job

        columns = Job.__table__.columns
        async with sessions() as session:
            return [*await session.execute(select(*columns).order_by(columns["id"]))]

    return read


@pytest.fixture
def keep(sessions: "async_sessionmaker[AsyncSession]") -> Callable[..., Any]:
    """Return a function that keeps a job, a minute late unless you say otherwise."""

    async def keep(**columns: object) -> int:
        from waybill.tables import Job

        row: dict[str, Any] = {"kind": "letter", "payload": {"account_id": LENA}}
        row |= {"run_at": AT - timedelta(minutes=1), **columns}
        async with sessions.begin() as session:
            session.add(job := Job(**row))
        return job.id

    return keep


@pytest.fixture
async def people(sessions: "async_sessionmaker[AsyncSession]") -> None:
    """Lena, Bob, and Zoe, whose account is closed."""
    from waybill.tables import Account

    async with sessions.begin() as session:
        for number, email in PEOPLE.items():
            session.add(Account(id=number, email=email, active=number != CLOSED))


class Mailbox:
    """What to send letters with; it notes each, and the connections lent out."""

    def __init__(self, engine: "AsyncEngine") -> None:
        self.pool: Any = engine.sync_engine.pool
        self.letters: list[tuple[str, str]] = []
        self.tried = 0
        self.lent: list[int] = []
        self.fails: list[BaseException] = []
        self.meanwhile: Callable[[], Awaitable[None]] | None = None

    async def __call__(self, message: "EmailMessage") -> None:
        """Take a letter, or fail as told."""
        self.lent.append(self.pool.checkedout())
        self.tried += 1
        if self.meanwhile:
            await self.meanwhile()
        if self.fails:
            raise self.fails.pop(0)
        self.letters.append((str(message["To"]), str(message["Message-ID"])))


@pytest.fixture
def mailbox(engine: "AsyncEngine") -> Mailbox:
    """What takes letters instead of a mail server."""
    return Mailbox(engine)


@pytest.fixture
def passwords(engine: "AsyncEngine") -> SimpleNamespace:
    """Stands in for Argon2, and notes connections `lent` out meanwhile."""
    pool: Any = engine.sync_engine.pool
    noted = SimpleNamespace(lent=[])

    async def make(password: Any) -> str:  # noqa: ANN401
        noted.lent.append(pool.checkedout())
        return f"hash of {len(password.get_secret_value())} characters"

    noted.hash = make
    return noted


@pytest.fixture
def stored(
    sessions: "async_sessionmaker[AsyncSession]",
) -> Callable[[], Awaitable[dict[str, str | None]]]:
    """Return a function that reads the hash of each account, by address."""
    from sqlalchemy import select

    async def read() -> dict[str, str | None]:
        from waybill.tables import Account, Credential

        query = select(Account.email, Credential.hash).join_from(
            Account, Credential, Credential.account_id == Account.id, isouter=True
        )
        async with sessions() as session:
            return {row.email: row.hash for row in await session.execute(query)}

    return read


@pytest.fixture
def change(engine: "AsyncEngine") -> Callable[..., list[Any]]:
    """Return what another process does to the jobs, on whichever thread it is."""

    def change(sql: str = "SELECT id FROM jobs ORDER BY id") -> list[Any]:
        with closing(sqlite3.connect(f"{engine.url.database}")) as other, other:
            return other.execute(sql).fetchall()

    return change
