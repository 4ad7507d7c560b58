"""Checks of caching.api: a URL for everybody who knows a code."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

pytestmark = pytest.mark.usefixtures("clean_environment")
Connect = Callable[..., httpx.AsyncClient]
PATH = "/v1/track/{code}"


@pytest.fixture(scope="module")
def docs() -> Any:  # noqa: ANN401
    """What the docs of a whole Waybill describe."""
    from waybill.app import create_app
    from waybill.settings import Settings

    url = "sqlite+aiosqlite://"
    app = create_app(Settings(environment="development", database_url=url))
    return app.openapi()


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[FastAPI]:
    """A whole Waybill, with a parcel of Lena's."""
    from waybill.app import create_app
    from waybill.settings import Settings
    from waybill.tables import Account, Parcel, Role

    url = f"sqlite+aiosqlite:///{tmp_path / 'waybill.db'}"
    app = create_app(Settings(environment="development", database_url=url))
    async with app.router.lifespan_context(app):
        async with app.state.sessions.begin() as session:
            session.add(Account(id=311, email="lena@example.com"))
            session.add(Account(id=22, email="dora@example.com", role=Role.DISPATCHER))
            await session.flush()
            row = Parcel(id=7, tracking_code="WB7", owner_id=311, to={"name": "Zoë"})
            row.weight_g, row.value = 750, 5  # type: ignore[assignment]
            session.add(row)
        yield app


# - `GET /v1/track/{code}` answers whoever asks, with an account or without.
@pytest.mark.parametrize("shown", ["", "Bearer nonsense"])
async def test_whoever_asks_is_answered(
    connect: Connect, app: FastAPI, shown: str
) -> None:
    """Whoever asks for a code is answered, whatever they show or don't show."""
    async with connect(app) as client:
        headers = {"Authorization": shown} if shown else {}
        response = await client.get("/v1/track/WB7", headers=headers)
    assert response.status_code == 200, (
        f"GET /v1/track/WB7 {'with a bad token ' if shown else ''}was answered "
        f"{response.status_code}. Include `tracking.router` without a guard and "
        "without a further prefix."
    )
    expected = {"tracking_code": "WB7", "scans": []}
    assert response.json() == expected, f"Of WB7, everybody reads {response.text}."


# - The docs list it under the tag `tracking`, with the 404 that `NOT_FOUND` describes.
def test_the_docs_show_it(docs: Any) -> None:  # noqa: ANN401
    """The docs list it under the tag `tracking`, once, with a 404."""
    found = [path for path in docs["paths"] if path.endswith("/track/{code}")]
    assert found == [PATH], f"In the docs, the route has the paths {found}."
    route = docs["paths"][PATH]["get"]
    assert route.get("tags") == ["tracking"], (
        f"In the docs GET {PATH} has the tags {route.get('tags')}, not ['tracking']."
    )
    content = route["responses"].get("404", {}).get("content", {})
    schemas = [one.get("schema", {}).get("$ref", "") for one in content.values()]
    assert any(schema.endswith("/Problem") for schema in schemas), (
        f"In the docs of GET {PATH}, the 404 is {route['responses'].get('404')}. "
        "`responses=NOT_FOUND` describes it."
    )


# - A scan that is added is in the next answer.
async def test_a_scan_is_in_the_next_answer(connect: Connect, app: FastAPI) -> None:
    """A scan that is added through the API is in the next answer."""
    from waybill.dependencies import current_account
    from waybill.tables import Account

    async def dora() -> Account:
        async with app.state.sessions() as session:
            account: Account = await session.get_one(Account, 22)
            return account

    app.dependency_overrides[current_account] = dora
    at = datetime(2026, 3, 2, 9, 30, tzinfo=UTC).isoformat()
    async with connect(app) as client:
        for kind in ("picked_up", "arrived"):
            await client.get("/v1/track/WB7")
            scan = {"depot": "BER", "kind": kind, "at": at}
            added = await client.post("/v1/parcels/7/scans", json=scan)
            assert added.status_code == 201, f"The scan got {added.status_code}."
            response = await client.get("/v1/track/WB7")
            kinds = [one["kind"] for one in response.json()["scans"]]
            assert kinds[-1:] == [kind], (
                f"WB7 was scanned as {kind}, and the next GET /v1/track/WB7 tells of "
                f"{kinds}. Does every Waybill open `open_cache`?"
            )
