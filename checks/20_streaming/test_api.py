"""Checks of streaming.api: the streams have URLs, for those who have an account."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx
import jwt
import pytest
from fastapi import FastAPI, HTTPException, Request
from pydantic import SecretStr

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

Connect = Callable[..., httpx.AsyncClient]
Noting = Callable[..., Any]

LENA, EMAIL = 51, "lena@example.com"
KEY = SecretStr("the key of these checks, known to nobody else")
PATHS = ("/v1/exports/parcels.jsonl", "/v1/parcels/3/events")
EACH = pytest.mark.parametrize("path", PATHS)
TEMPLATES = {"/v1/exports/parcels.jsonl", "/v1/parcels/{parcel_id}/events"}


@pytest.fixture
async def app(sessions: "async_sessionmaker[AsyncSession]") -> FastAPI:
    """Waybill, with a parcel of Lena's that was delivered."""
    from waybill.app import create_app
    from waybill.schemas import ScanKind
    from waybill.settings import Settings
    from waybill.tables import Account, Parcel, Scan

    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    to = {"name": "Zoë Ng", "street": "Torstraße 12", "city": "Berlin"}
    to |= {"postcode": "10119", "country": "DE"}
    async with sessions.begin() as session:
        session.add(Account(id=LENA, email=EMAIL))
        await session.flush()
        row = Parcel(id=3, tracking_code="WB3", owner_id=LENA, to=to, weight_g=750)
        row.value = 5  # type: ignore[assignment]
        session.add(row)
        await session.flush()
        scan = Scan(parcel_id=3, depot="HAM", kind=ScanKind.DELIVERED, at=noon)
        session.add(scan)
    app = create_app(Settings(environment="development", secret_key=KEY))
    app.state.sessions = sessions
    return app


@pytest.fixture
async def client(connect: Connect, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Lena's client; it reads a 500 where a server would send one."""
    # The same at every run, so that a verdict that shows it repeats.
    expiry = datetime(2099, 3, 2, 12, tzinfo=UTC)
    claims = {"sub": str(LENA), "type": "access", "exp": expiry}
    token = jwt.encode(claims, KEY.get_secret_value(), "HS256")
    async with connect(app, raise_app_exceptions=False) as client:
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


# - Exports are found at `/v1/exports/…`, and events at
# `/v1/parcels/{parcel_id}/events`.
@EACH
async def test_the_streams_have_urls(client: httpx.AsyncClient, path: str) -> None:
    """Exports and events are found below `/v1`."""
    response = await client.get(path)
    assert response.status_code == 200, (
        f"Lena sent GET {path} and was answered {response.status_code}: "
        f"{response.text[:100]}. Does `api` include both routers, without a "
        "prefix of its own?"
    )


# - Nobody without an account gets in: `current_account` guards both.
@EACH
async def test_nobody_comes_in_without_an_account(
    client: httpx.AsyncClient, path: str
) -> None:
    """A request without an account is answered 401."""
    del client.headers["Authorization"]
    response = await client.get(path)
    assert response.status_code == 401, (
        f"Somebody without an account sent GET {path} and was answered "
        f"{response.status_code} instead of 401. GUARDED holds the guards."
    )


# - Each request leaves one line in the access log.
@EACH
async def test_each_leaves_a_line_in_the_log(
    client: httpx.AsyncClient,
    app: FastAPI,
    path: str,
) -> None:
    """Each request leaves one line in the access log."""
    from waybill.api import access_log
    from waybill.dependencies import CurrentAccount

    lines: list[str] = []

    async def note(account: CurrentAccount) -> None:
        lines.append(account.email)

    app.dependency_overrides[access_log] = note
    await client.get(path)
    assert len(lines) == 1, (
        f"Lena sent GET {path}, and the access log has {len(lines)} lines of it: "
        f"{lines}. GUARDED holds the log; give it to each router, once."
    )
    assert EMAIL in lines[0], (
        f"Lena ({EMAIL}) asked for {path}; the log says {lines[0]}"
    )


# - An export takes one of the account's five places for streams, as events do:
async def test_an_export_takes_a_place(app: FastAPI, client: httpx.AsyncClient) -> None:
    """An export takes one of the account's places for streams, as events do."""
    from waybill.events import watch

    taken: list[str] = []

    async def no_place_left(request: Request) -> None:
        taken.append(request.url.path)
        raise HTTPException(429, "Close one of your streams first.")

    app.dependency_overrides[watch] = no_place_left
    for path in PATHS:
        response = await client.get(path)
        assert response.status_code == 429, (
            f"`watch` had no place left, and GET {path} was answered "
            f"{response.status_code} instead of 429. A client that opens a thousand "
            "exports and reads none of them fills the memory: STREAMED has the place."
        )
    assert taken == [*PATHS], f"`watch` was asked for {taken}; once for each is enough."


@EACH
async def test_a_place_is_kept_while_pieces_leave(
    app: FastAPI, connect: Connect, client: httpx.AsyncClient, noting: Noting, path: str
) -> None:
    """A stream keeps its place until its last piece has left."""
    from waybill.events import always, watch

    order: list[str] = []

    async def place() -> AsyncIterator[Any]:
        yield always
        order.append("the place came back")

    app.dependency_overrides[watch] = place
    noted = noting(app, lambda message: order.append(message["type"]))
    async with connect(noted) as other:
        await other.get(path, headers=client.headers)
    assert order[-1] == "the place came back", (
        f"Lena sent GET {path}. In order: {order}. Whoever opens a thousand streams "
        "then has a place for each: a dependency with scope='function' ends before "
        "the first piece leaves."
    )


# - The docs list them below the tag `streams`, with their 404.
async def test_the_docs_list_the_streams(client: httpx.AsyncClient) -> None:
    """The docs list them below the tag `streams`, with their 404."""
    described: dict[str, Any] = (await client.get("/openapi.json")).json()["paths"]
    lacking = sorted(TEMPLATES - {*described})
    assert not lacking, (
        f"The docs know the paths {sorted(described)}; these are missing: {lacking}."
    )
    problem = {"$ref": "#/components/schemas/Problem"}
    for path in sorted(TEMPLATES):
        operation = described[path]["get"]
        tags = operation.get("tags")
        assert tags == ["streams"], (
            f"The docs list GET {path} below {tags or 'no tag'}; one tag, `streams`, "
            "is asked for."
        )
        found = operation["responses"].get("404", {}).get("content", {})
        models = [kind.get("schema") for kind in found.values()]
        assert models == [problem], (
            f"The docs of GET {path} describe a 404 by {models or 'nothing'}. Rates "
            "and parcels describe theirs with NOT_FOUND."
        )


# - Parcels keep their URL and their tag.
async def test_parcels_stay_as_they_were(client: httpx.AsyncClient) -> None:
    """Parcels keep their URL and their tag."""
    response = await client.get("/v1/parcels/3")
    assert response.status_code == 200, (
        f"Lena sent GET /v1/parcels/3 and was answered {response.status_code}: "
        f"{response.text[:100]}"
    )
    described = (await client.get("/openapi.json")).json()["paths"]
    tags = described["/v1/parcels/{parcel_id}"]["get"].get("tags")
    assert tags == ["parcels"], (
        f"The docs list GET /v1/parcels/{{parcel_id}} below {tags}; its tag was "
        "parcels. Give `streams` to the two new routers only."
    )
