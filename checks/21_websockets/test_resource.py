"""Checks of websockets.resource: every Waybill has a hub, and its scans get there."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

Connect = Callable[..., httpx.AsyncClient]
EARLIER = ("open_carriers", "try_again", "open_database", "write_log", "share_limit")


def make(place: Path) -> FastAPI:
    """Make a Waybill with a database of its own."""
    from waybill.app import create_app
    from waybill.settings import Settings

    url = f"sqlite+aiosqlite:///{place}"
    return create_app(Settings(environment="development", database_url=url))


# - `push_scans` is opened after the database, and what was in `resources` stays there.
def test_other_resources_stay() -> None:
    """What was in `resources` stays, and `push_scans` comes after the database."""
    from waybill import app as module
    from waybill.hub import open_hub
    from waybill.push import push_scans

    names = [getattr(one, "__name__", repr(one)) for one in module.resources]
    for name in EARLIER:
        there = getattr(module, name, None)  # stretch katas may have no answer
        assert there is None or there in module.resources, (
            f"`resources` contains {', '.join(names)}, and no longer {name}. Append to "
            "the list; what stands in it stays."
        )
    for mine in (open_hub, push_scans):
        count = module.resources.count(mine)
        assert count == 1, (
            f"`resources` contains {', '.join(names)}: {mine.__name__} is there "
            f"{count} times. Append it once, without calling it."
        )
    places = [names.index(name) for name in ("open_database", "push_scans")]
    assert places == sorted(places), (
        f"`resources` contains {', '.join(names)}. push_scans needs what open_database "
        "has opened, so it has to come later."
    )


# - Every app that `create_app` makes opens `open_hub` and `push_scans`, once each.
async def test_every_waybill_pushes_its_scans(tmp_path: Path) -> None:
    """Every app has a hub of its own, and pushes its own scans to it."""
    from datetime import UTC, datetime

    from waybill.schemas import ScanKind
    from waybill.tables import Account, Parcel, Scan

    async def store(app: FastAPI) -> None:
        async with app.state.sessions.begin() as session:
            session.add(Account(id=7, email="lena@example.com"))
            await session.flush()
            row: Any = Parcel(id=3, tracking_code="WB3", owner_id=7, to={})
            row.weight_g, row.value = 750, 5
            session.add(row)
            await session.flush()
            scan = Scan(id=61, parcel_id=3, depot="HAM", kind=ScanKind.ARRIVED)
            scan.at = datetime(2026, 3, 2, 12, tzinfo=UTC)
            session.add(scan)

    first, second = make(tmp_path / "first.db"), make(tmp_path / "second.db")
    context = [one.router.lifespan_context(one) for one in (first, second)]
    async with context[0], context[1]:
        hubs = [getattr(one.state, "hub", None) for one in (first, second)]
        for hub in hubs:
            if hub is None:
                pytest.fail("An app was started, and app.state.hub isn't there.")
        assert hubs[0] is not hubs[1], "Two apps have one hub."
        with hubs[0].join("HAM", 7) as mine, hubs[1].join("HAM", 7) as other:
            await store(first)
            counts = [one.waiting.qsize() for one in (mine, other)]
    assert counts == [1, 0], (
        "Two Waybills were started, and one stored a scan at HAM. For its screen, "
        f"{counts[0]} texts wait, and for the other app's, {counts[1]}; 1 and 0 were "
        "expected."
    )
