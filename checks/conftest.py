"""Fixtures that every check may use."""

import asyncio
import inspect
import logging
import traceback
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import anyio.pytest_plugin
import httpx
import pytest

# Not every lesson needs these, and they take their time.
if TYPE_CHECKING:
    from sqlite3 import Connection

    from fastapi import FastAPI
    from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker
    from starlette.types import Message, Receive, Scope, Send

Connect = Callable[..., httpx.AsyncClient]
RunPytest = Callable[..., SimpleNamespace]
UNREMARKABLE = {
    *("accept", "accept-encoding", "connection", "user-agent"),
    *("host", "content-length", "content-type"),
}
"""Headers that every request has; the others are worth showing."""


@pytest.fixture
def anyio_backend() -> str:
    """Run every `async def` check on asyncio, as uvicorn does."""
    return "asyncio"


@pytest.fixture
def connect(record_property: Callable[[str, object], None]) -> Connect:
    """Return a function that opens an HTTP client on an app, without a server.

    What was sent and what came back is recorded, so that a check that fails can
    show it:

        async with connect(app) as client:
            response = await client.get("/hello")

    An exception in the app reaches the check, which shows its line. With
    `raise_app_exceptions=False` the client gets a 500, as it would from a server; the
    exception is recorded, so that it isn't lost.
    """

    def client_for(
        app: "FastAPI", *, raise_app_exceptions: bool = True
    ) -> httpx.AsyncClient:
        async def telling(scope: "Scope", receive: "Receive", send: "Send") -> None:
            async def numbered(message: "Message") -> None:
                assert message.get("status", 200), (
                    "The app sent an answer without a status. A Response that FastAPI "
                    "lends a function isn't returned: set its headers, and return what "
                    "the client shall get."
                )
                await send(message)

            try:
                await app(scope, receive, numbered)
            except Exception as error:
                record_property("raised", error)
                raise

        async def note_request(request: httpx.Request) -> None:
            headers = [
                f"{name}: {value}"
                for name, value in request.headers.items()
                if name not in UNREMARKABLE
            ]
            exchange: dict[str, str] = {
                "request": f"{request.method} {request.url.raw_path.decode()}",
                "sent": "\n".join([*headers, request.content.decode(errors="replace")]),
            }
            request.extensions["exchange"] = exchange
            record_property("exchange", exchange)

        async def note_response(response: httpx.Response) -> None:
            await response.aread()
            # A status that is more than a number could compare as it likes.
            response.status_code = int.__index__(response.status_code)
            response.request.extensions["exchange"].update(
                response=f"{response.status_code} {response.reason_phrase}",
                received=response.text,
            )

        return httpx.AsyncClient(
            transport=httpx.ASGITransport(telling, raise_app_exceptions),
            base_url="http://waybill",
            event_hooks={"request": [note_request], "response": [note_response]},
        )

    return client_for


@pytest.fixture(scope="session")
def connection_class() -> "type[Connection]":
    """How checks connect to SQLite: with foreign keys, and without a wait for disks."""
    import sqlite3

    class Connection(sqlite3.Connection):
        def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401
            super().__init__(*arguments, **options)
            self.executescript(
                # No check outlives a power failure. (Not `journal_mode`: that reads the
                # file, and whoever writes at that moment finds it locked.)
                "PRAGMA foreign_keys = ON; PRAGMA synchronous = OFF;"
            )

    return Connection


@pytest.fixture(scope="session")
def make_tables(connection_class: "type[Connection]") -> Callable[[Path], None]:
    """Return a function that makes an SQLite file with Waybill's tables.

    They take their time, so they are made once: every further file is a copy.
    """
    made: dict[tuple[object, ...], bytes] = {}

    def make(file: Path) -> None:
        from sqlalchemy import URL, create_engine

        from waybill.tables import Base

        # Not all tables are known before the modules that have them are imported.
        tables = (Base.metadata, *Base.metadata.tables)
        if tables not in made:
            url = URL.create("sqlite", database=str(file))
            engine = create_engine(url, connect_args={"factory": connection_class})
            Base.metadata.create_all(engine)
            engine.dispose()
            made[tables] = file.read_bytes() if file.exists() else b""
        file.write_bytes(made[tables])

    return make


@pytest.fixture
async def engine(
    tmp_path: Path,
    make_tables: Callable[[Path], None],
    connection_class: "type[Connection]",
) -> "AsyncIterator[AsyncEngine]":
    """An engine on a fresh SQLite file, with foreign keys and with Waybill's tables."""
    from sqlalchemy import URL
    from sqlalchemy.ext.asyncio import create_async_engine

    file = tmp_path / "waybill.db"
    make_tables(file)
    url = URL.create("sqlite+aiosqlite", database=str(file))
    engine = create_async_engine(url, connect_args={"factory": connection_class})
    try:
        yield engine
    finally:
        await engine.dispose()


@pytest.fixture
def other_words(engine: "AsyncEngine") -> None:
    """Let the database refuse rows as another one would, in words of its own."""
    from sqlalchemy import event, exc

    @event.listens_for(engine.sync_engine, "handle_error", retval=True)
    def translate(context: Any) -> BaseException | None:  # noqa: ANN401
        if not isinstance(context.sqlalchemy_exception, exc.IntegrityError):
            return None
        return exc.IntegrityError("INSERT", {}, Exception("This table wants no such"))


@pytest.fixture
def sessions(engine: "AsyncEngine") -> "async_sessionmaker[AsyncSession]":
    """What makes sessions on that engine, as `app.state.sessions` does."""
    from sqlalchemy.ext.asyncio import async_sessionmaker

    return async_sessionmaker(engine, expire_on_commit=False)


@pytest.fixture
def queries(engine: "AsyncEngine") -> list[str]:
    """Every SQL statement that the engine has sent; clear it before you count."""
    from sqlalchemy import event

    sent: list[str] = []

    @event.listens_for(engine.sync_engine, "before_cursor_execute")
    def note(*details: object) -> None:
        sent.append(str(details[2]))

    return sent


@pytest.fixture(scope="session")
def patiently() -> Callable[[], AbstractContextManager[anyio.CancelScope]]:
    """Return what gives a block time enough; once that was not enough, others get less.

    Turns of the event loop are counted: a busy machine takes longer for each.
    """
    enough = [30]

    @contextmanager
    def patiently() -> Iterator[anyio.CancelScope]:
        loop, left = asyncio.get_running_loop(), iter(range(enough[-1]))
        scope = anyio.CancelScope()

        def turn() -> None:
            if next(left, None) is None:
                scope.cancel()
            else:
                turns.append(loop.call_later(0.05, turn))

        turns = [loop.call_later(0.05, turn)]
        try:
            with scope:
                yield scope
        finally:
            turns[-1].cancel()
        if scope.cancelled_caught:
            enough.append(2)

    return patiently


@pytest.fixture
def access_lines(
    caplog: pytest.LogCaptureFixture,
) -> "Callable[[FastAPI], Callable[[], list[str]]]":
    """Return what lets you hear, for an app, which requests passed `access_log`.

    Lesson 22 takes its line away, and leaves the function among what routes ask for. So
    there an override says what the line said.
    """

    def access_lines(app: "FastAPI") -> Callable[[], list[str]]:
        from waybill.api import access_log
        from waybill.dependencies import CurrentAccount

        caplog.set_level(logging.INFO, logger="waybill.access")
        passed: list[str] = []

        async def note(account: CurrentAccount) -> None:
            passed.append(account.email)

        if not inspect.isasyncgenfunction(access_log):
            app.dependency_overrides[access_log] = note

        def since() -> list[str]:
            records = [one for one in caplog.records if one.name == "waybill.access"]
            said = [*passed, *(one.getMessage() for one in records)]
            passed.clear()
            caplog.clear()
            return said

        return since

    return access_lines


class Notes:
    """A pytest plugin that notes what a run comes to."""

    def __init__(self) -> None:
        self.passed = 0
        self.problems: list[BaseException] = []
        self.fixtures: list[dict[str, Any]] = []

    def pytest_runtest_call(self, item: pytest.Function) -> None:
        """Note the fixtures that a test was given."""
        self.fixtures.append(dict(item.funcargs))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a test that passed, unless it was expected to fail."""
        if report.when == "call" and report.passed and not hasattr(report, "wasxfail"):
            self.passed += 1

    def pytest_exception_interact(self, call: pytest.CallInfo[None]) -> None:
        """Keep what ended a test, a fixture or an import."""
        if call.excinfo:
            self.problems.append(call.excinfo.value)


@pytest.fixture
def run_pytest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunPytest:
    """Return a function that runs pytest on one file, in this process.

    Modules given with it lend their fixtures; only a `conftest` given as one does, so
    that a later lesson's can't turn this run red. It returns how many tests `passed`,
    the `problems` (exceptions) of the others, a `story` of the first problem, and the
    `fixtures` each test was given. No ini file, option or plugin from outside has a
    say, apart from anyio's plugin.
    """
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    ini = tmp_path / "empty.ini"
    ini.write_text("[pytest]\n", encoding="utf-8")
    # The fault handler belongs to the run around this one, and nobody asks for what the
    # others do: two of them collect garbage five times at the end of a run.
    unused = ("terminal", "cacheprovider", "faulthandler", "debugging", "doctest")
    unused += ("pastebin", "junitxml", "setuponly", "setupplan", "stepwise")
    unused += ("unraisableexception", "threadexception")
    options = [part for name in unused for part in ("-p", f"no:{name}")]
    options += ["-c", str(ini), "--import-mode=importlib", "--capture=no"]
    options += ["--noconftest"]

    def run(file: str | Path, *lenders: ModuleType) -> SimpleNamespace:
        notes = Notes()
        # By its name, pytest would look for the plugin among all that is installed.
        plugins = [anyio.pytest_plugin, notes, *lenders]
        # Without it, pytest would look at all folders above, and at all that is there.
        cut = f"--confcutdir={Path(file).parent}"
        pytest.main([*options, cut, str(file)], plugins=plugins)
        files = {str(file), *(str(lender.__file__) for lender in lenders)}
        story = tell(notes.problems[0], files) if notes.problems else ""
        return SimpleNamespace(**vars(notes), story=story)

    return run


def tell(problem: BaseException, files: set[str]) -> str:
    """Return an exception in words, with the line of one of the files it came from."""
    if isinstance(problem, pytest.FixtureLookupError):
        return f"a missing fixture, `{problem.argname}`"
    text = f"{type(problem).__name__}: {problem}".partition("\n")[0].rstrip(": .")
    frames = traceback.extract_tb(problem.__traceback__)
    lines = [frame.line for frame in frames if frame.filename in files]
    return f"{text}, at `{lines[-1]}`" if lines else text
