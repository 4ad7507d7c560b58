"""Checks of observability.probes: alive, ready, and asked as often as they like."""

import asyncio
from collections.abc import AsyncIterator, Callable
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

Connect = Callable[..., httpx.AsyncClient]
TOKEN = "only Prometheus knows this"  # noqa: S105


class Database:
    """What stands in place of `app.state.sessions`, and fails as a check wants it."""

    def __init__(self) -> None:
        self.failure: BaseException | None = None
        self.hangs = False
        self.opened = self.closed = self.asked = 0

    def __call__(self) -> "Database":
        """Make a session, which is this object itself."""
        return self

    async def __aenter__(self) -> "Database":
        """Open a session."""
        self.opened += 1
        return self

    async def __aexit__(self, *_error: object) -> None:
        """Close it."""
        self.closed += 1

    async def execute(self, *_statement: object) -> Any:  # noqa: ANN401
        """Answer, fail, or never answer."""
        self.asked += 1
        if self.hangs:
            await asyncio.Event().wait()
        if self.failure:
            raise self.failure
        return SimpleNamespace(scalar=lambda: 1, scalar_one=lambda: 1, all=list)

    scalar = execute

    def begin(self) -> "Database":
        """Begin a transaction, which needs nothing here."""
        return self


@pytest.fixture
def database() -> Database:
    """A database of the check's."""
    return Database()


@pytest.fixture
def app(database: Database) -> FastAPI:
    """An app that isn't asked when a probe comes."""
    app = FastAPI()
    app.state.sessions = database
    app.state.settings = SimpleNamespace(environment="production")
    app.state.inside = []

    @app.middleware("http")
    async def note(request: Any, call_next: Any) -> Any:  # noqa: ANN401
        app.state.inside.append(request.url.path)
        return await call_next(request)

    @app.get("/v1/parcels")
    async def parcels() -> str:
        return "here"

    return app


@pytest.fixture
def stand(
    connect: Connect, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., httpx.AsyncClient]:
    """Return what makes a client of that app, with the layer around it."""

    def stand(**environment: str) -> httpx.AsyncClient:
        from waybill.metrics import Metrics
        from waybill.probes import probes

        async def note(app: FastAPI) -> None:
            app.state.prepared = True

        # What lessons count when somebody asks needs more than the check's database.
        monkeypatch.setattr("waybill.probes.preparations", [note])
        monkeypatch.delenv("WAYBILL_METRICS_TOKEN", raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        app.state.metrics = Metrics()
        cls, options, named = probes(app)
        layer = cls(app, *options, **named)

        async def called(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401
            await layer({**scope, "app": app}, receive, send)

        return connect(called)

    return stand


@pytest.fixture
async def client(
    stand: Callable[..., httpx.AsyncClient],
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the app in production."""
    async with stand() as client:
        yield client


# - `/live` is answered 200 with the sample's body. It doesn't ask the database, so
# nobody starts Waybill anew because of it.
async def test_live_asks_nobody(client: httpx.AsyncClient, database: Database) -> None:
    """`/live` is answered 200, whatever the database does, and doesn't ask it."""
    for failure in (None, OSError("gone")):
        database.failure = failure
        response = await client.get("/live")
        found = (response.status_code, response.json())
        assert found == (200, {"status": "alive"}), f"/live was answered {found}."
    assert database.opened == 0, (
        "/live opened a session. While the database is gone, a new process would help "
        "nobody: whoever is alive says so."
    )


# - `/ready` is answered 200 while the database answers
async def test_ready_asks_the_database(
    client: httpx.AsyncClient, database: Database
) -> None:
    """`/ready` asks the database each time, and gives its session back."""
    for times in (1, 2, 3):
        response = await client.get("/ready")
        found = (response.status_code, response.json())
        assert found == (200, {"status": "ready"}), f"/ready was answered {found}."
        assert database.asked == times, (
            f"/ready was asked {times} times, and the database {database.asked} times. "
            "Opening a session asks nothing: execute `select(1)`, each time."
        )
    assert database.closed == database.opened, (
        f"{database.opened} sessions were opened, and {database.closed} closed."
    )


# If it fails
# or takes longer than `PATIENCE`, the answer is 503.
@pytest.mark.parametrize(
    "failure",
    [
        OperationalError("SELECT 1", {}, Exception("no such host")),
        PoolTimeoutError("QueuePool limit of size 5 overflow 10 reached"),
        ConnectionRefusedError("nobody listens"),
        TimeoutError(),
    ],
)
async def test_not_ready(
    client: httpx.AsyncClient, database: Database, failure: Exception
) -> None:
    """`/ready` is answered 503 while the database fails, and 200 once it is back."""
    for problem, wanted in ((None, 200), (failure, 503), (None, 200)):
        database.failure = problem
        try:
            response = await client.get("/ready")
        except (type(failure), OSError) as error:
            raise AssertionError(
                f"The database raised {type(error).__name__}: {error}, and so did "
                "/ready. SQLAlchemy's errors are SQLAlchemyError; a driver that finds "
                "nobody raises OSError, and a TimeoutError is one."
            ) from None
        assert response.status_code == wanted, (
            f"The database {'raised ' + repr(problem) if problem else 'answered'}, and "
            f"/ready was answered {response.status_code} instead of {wanted}."
        )
        if wanted == 503:
            body = response.json()
            assert body == {"status": "not ready"}, f"The body of the 503 is {body}."
    assert database.closed == database.opened, "A session was not closed."


# If it fails
# or takes longer than `PATIENCE`, the answer is 503.
async def test_patience_ends(
    client: httpx.AsyncClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`/ready` waits no longer than PATIENCE for a database that hangs."""
    monkeypatch.setattr("waybill.probes.PATIENCE", 0.01)
    database.hangs = True
    try:
        async with asyncio.timeout(1):
            response = await client.get("/ready")
    except TimeoutError:
        response = None
    assert response is not None, (
        "The database never answered, PATIENCE was a hundredth of a second, and "
        "after a whole one /ready had no answer. See `asyncio.timeout`."
    )
    assert response.status_code == 503, f"It was answered {response.status_code}."


# - Probes are answered before anything else meets them, so that no limit counts them
# and no log is filled.
async def test_nothing_else_meets_them(client: httpx.AsyncClient, app: FastAPI) -> None:
    """Probes reach nothing inside of the layer; all other requests do."""
    for path in ("/live", "/ready", "/metrics"):
        await client.get(path)
    met = app.state.inside
    assert not met, f"The app inside of the layer has met {met}."
    for path in ("/v1/parcels", "/live/", "/ready/x", "/v1/live", "/LIVE"):
        await client.get(path)
    assert met == ["/v1/parcels", "/live/", "/ready/x", "/v1/live", "/LIVE"], (
        f"Five paths that are no probes were asked, and the app has met {met}."
    )


# - Everything else passes as it is, sockets and `lifespan` included.
async def test_everything_else_passes() -> None:
    """Other requests, sockets and a lifespan pass as they are."""
    from waybill.probes import ProbesMiddleware

    seen: list[Any] = []

    async def inside(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401
        seen.append((scope, receive, send))

    receive, send = object(), object()
    for scope in (
        {"type": "lifespan"},
        {"type": "websocket", "path": "/live", "headers": []},
        {"type": "http", "path": "/v1/parcels", "method": "GET", "headers": []},
    ):
        seen.clear()
        try:
            await ProbesMiddleware(inside)({**scope}, receive, send)
        except (KeyError, TypeError, AttributeError) as error:
            raise AssertionError(
                f"The scope {scope} came, and the layer raised {type(error).__name__}: "
                f"{error}. A lifespan has no path, and a socket is no probe."
            ) from None
        assert seen == [(scope, receive, send)], f"{scope} came, and inside was {seen}."


# - `/metrics` needs the token of WAYBILL_METRICS_TOKEN
@pytest.mark.parametrize(
    ("token", "environment", "shown", "status"),
    [
        (TOKEN, "production", f"Bearer {TOKEN}", 200),
        (TOKEN, "production", "Bearer another", 404),
        (TOKEN, "production", "", 404),
        (TOKEN, "production", TOKEN, 404),
        (TOKEN, "development", "", 404),
        ("", "production", "Bearer None", 404),
        ("", "production", "Bearer ", 404),
        ("", "development", "", 200),
    ],
)
async def test_metrics_are_not_for_everybody(
    stand: Callable[..., httpx.AsyncClient],
    app: FastAPI,
    token: str,
    environment: str,
    shown: str,
    status: int,
) -> None:
    """`/metrics` wants its token, and in production nothing is shown without one."""
    app.state.settings.environment = environment
    variables = {"WAYBILL_METRICS_TOKEN": token} if token else {}
    async with stand(**variables) as client:
        app.state.metrics.requests.labels("GET", "/v1/parcels", "2xx").inc(7)
        headers = {"Authorization": shown} if shown else {}
        response = await client.get("/metrics", headers=headers)
    assert response.status_code == status, (
        f"In {environment}, with {'a' if token else 'no'} token set, /metrics was "
        "asked "
        f"with Authorization {shown!r} and answered {response.status_code}; {status} "
        "is "
        "wanted. `show_metrics` was finished."
    )
    line = 'waybill_requests_total{method="GET",route="/v1/parcels",status="2xx"} 7.0'
    shows = line in response.text and hasattr(app.state, "prepared")
    assert shows == (status == 200), f"Its text: {response.text[:200]}"
