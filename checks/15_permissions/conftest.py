"""Fixtures that checks of this lesson share: people, parcels, and who is asking."""

import sqlite3
import sys
import types
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fastapi import APIRouter, FastAPI, HTTPException

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker
    from starlette.types import Receive, Scope, Send

    from waybill.tables import Account, Parcel

    Sessions = async_sessionmaker[AsyncSession]

Connect = Callable[..., httpx.AsyncClient]
RunPytest = Callable[..., SimpleNamespace]
Plant = Callable[[FastAPI], None]
Run = Callable[..., SimpleNamespace]

PEOPLE = {
    "lena": (311, "sender"),
    "bob": (17, "sender"),
    "cem": (23, "courier"),
    "kim": (41, "courier"),
    "dora": (22, "dispatcher"),
    "dana": (902, "dispatcher"),
    "cara": (57, "courier"),  # her account is closed
}
"""Everybody's id and role, by name."""
TO = {"name": "Zoë Ng", "street": "Torstraße 12", "city": "Berlin"}
TO |= {"postcode": "10119", "country": "DE"}
START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def ids() -> dict[str, int]:
    """The ids of the accounts, by name."""
    return {name: id_ for name, (id_, _) in PEOPLE.items()}


@pytest.fixture
def keep(sessions: "Sessions") -> Callable[..., Awaitable[None]]:
    """Return a function that stores rows, in this order, and commits them."""

    async def keep(*rows: object) -> None:
        async with sessions.begin() as session:
            for row in rows:
                session.add(row)
                await session.flush()

    return keep


@pytest.fixture
async def known(keep: Callable[..., Awaitable[None]]) -> "dict[str, Account]":
    """The accounts that Waybill knows, by name; they are stored."""
    from waybill.tables import Account, Role

    accounts = {
        name: Account(
            id=id_,
            email=f"{name}@example.com",
            role=Role(role),
            active=name != "cara",
        )
        for name, (id_, role) in PEOPLE.items()
    }
    await keep(*accounts.values())
    return accounts


@pytest.fixture
def parcel(ids: dict[str, int]) -> "Callable[..., Parcel]":
    """Return a function that makes somebody's parcel, which is not stored yet."""
    from waybill.tables import Parcel

    def make(number: int, owner: str = "lena", **columns: object) -> "Parcel":
        usual = {"id": number, "tracking_code": f"WB{number}", "to": dict(TO)}
        usual |= {"weight_g": 750, "value": Decimal("19.90"), "created_at": START}
        return Parcel(owner_id=ids[owner], **(usual | columns))

    return make


@pytest.fixture
def rows(engine: "AsyncEngine") -> Callable[..., list[Any]]:
    """Return a function that reads what another connection sees."""

    def rows(query: str, *values: object) -> list[Any]:
        with sqlite3.connect(str(engine.url.database)) as connection:
            found = connection.execute(query, values).fetchall()
        connection.close()
        return [row[0] if len(row) == 1 else row for row in found]

    return rows


@pytest.fixture
def asking() -> dict[str, str]:
    """Who is asking, by name; a check changes it. Nobody has signed in as `nobody`."""
    return {"name": "lena"}


@pytest.fixture
def mount(
    sessions: "Sessions", known: "dict[str, Account]", asking: dict[str, str]
) -> Callable[..., FastAPI]:
    """Return a function that mounts routers on a bare app, which knows who asks."""
    from waybill.database import Session
    from waybill.dependencies import current_account
    from waybill.tables import Account

    async def whoever_asks(session: Session) -> "Account":
        if asking["name"] not in known:
            raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})
        return await session.get_one(Account, known[asking["name"]].id)

    def mounted(*routers: APIRouter) -> FastAPI:
        app = FastAPI()
        for router in routers:
            app.include_router(router)
        app.state.sessions = sessions
        app.dependency_overrides = {current_account: whoever_asks}
        return app

    return mounted


@pytest.fixture
async def client(
    connect: Connect, app: FastAPI, crash: SimpleNamespace
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a file's `app` that reads a 500 where a server would send one."""

    async def noting(scope: "Scope", receive: "Receive", send: "Send") -> None:
        crash.error = None
        try:
            await app(scope, receive, send)
        except Exception as error:
            crash.error = error
            raise

    async with connect(noting, raise_app_exceptions=False) as client:
        yield client


@pytest.fixture
def crash() -> SimpleNamespace:
    """What made a 500 of the last answer; its `told()` says so in words."""

    def told() -> str:
        if crash.error is None:
            return ""
        if isinstance(getattr(crash.error, "body", None), HTTPException):
            return " An HTTPException was returned; write `raise` in front of it."
        text = f"{type(crash.error).__name__}: {crash.error}".partition("\n")[0]
        return f" It ended with {text.rstrip(' .')}."

    crash = SimpleNamespace(error=None, told=told)
    return crash


@pytest.fixture
def answered(crash: SimpleNamespace) -> Callable[..., None]:
    """Return a function that wants a status, and says what to try if it isn't."""

    def answered(
        response: httpx.Response, status: int, what: str, advice: str = ""
    ) -> None:
        assert response.status_code == status, (
            f"{what} was answered {response.status_code} instead of {status}."
            f"{crash.told()} {advice}".rstrip()
        )

    return answered


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return a function that changes the policy: what one role may do, and may not."""

    def changed(role: str, *, add: str = "", drop: str = "") -> None:
        from waybill import policy
        from waybill.tables import Role

        actions = {*policy.MAY[Role(role)]} - {drop}
        monkeypatch.setitem(policy.MAY, Role(role), actions | ({add} if add else set()))

    return changed


@pytest.fixture
def run(
    run_pytest: RunPytest,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Run:
    """Return a function that runs the learner's tests on a Waybill that it makes.

    Where one caller shows what there is to see, the tests of `only` this one are run.
    """
    place = tmp_path / "place"
    place.mkdir()
    monkeypatch.chdir(place)
    # At its end this plugin of pytest collects garbage for as long as all else takes.
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:unraisableexception")

    wanted: list[str] = []

    def pytest_configure(config: pytest.Config) -> None:
        config.option.tbstyle = "native"  # nobody reads the tracebacks

    def pytest_collection_modifyitems(items: list[pytest.Function]) -> None:
        kept = [one for one in items if {*wanted} & callers_of(one)]
        items[:] = kept or items

    plugin = types.ModuleType("plugin")
    plugin.__file__ = plugin.__name__
    for hook in (pytest_configure, pytest_collection_modifyitems):
        setattr(plugin, hook.__name__, hook)

    from tests import test_roles

    file = str(test_roles.__file__)

    def run(*plants: Plant, only: str = "") -> SimpleNamespace:
        import waybill.app

        wanted[:] = [only] if only else []
        with monkeypatch.context() as patch:
            patch.setattr(waybill.app, "extensions", [*plants])
            # An app that a module made when it was imported has not changed.
            for module in ("waybill.main", "tests.test_roles"):
                patch.delitem(sys.modules, module, raising=False)
            return run_pytest(file, plugin)

    return run


def callers_of(test: pytest.Function) -> set[str]:
    """Return the texts that a test has as parameters: its caller is one of them."""
    found = getattr(getattr(test, "callspec", None), "params", {}).values()
    return {one for one in found if isinstance(one, str)}


@pytest.fixture
def access_lines() -> Callable[[FastAPI], Callable[[], list[str]]]:
    """Return what tells, for an app, who has passed `access_log` since it was asked.

    What `access_log` does with that is another kata's, and changes in lesson 22.
    """

    def access_lines(app: FastAPI) -> Callable[[], list[str]]:
        from waybill.api import access_log
        from waybill.dependencies import CurrentAccount

        passed: list[str] = []

        async def note(account: CurrentAccount) -> None:
            passed.append(account.email)

        app.dependency_overrides[access_log] = note
        return lambda: [passed.pop(0) for _ in [*passed]]

    return access_lines
