"""Checks of websockets.share: every Waybill reviews its screens, and shares its hub."""

import asyncio
import os
from pathlib import Path

import pytest
from fastapi import FastAPI

EARLIER = ("open_carriers", "try_again", "open_database", "write_log", "share_limit")


@pytest.fixture(autouse=True)
def clean_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A current folder without a `.env`, and no variable of Waybill's."""
    for name in list(os.environ):
        if name.upper().startswith("WAYBILL_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def make() -> FastAPI:
    """Make a Waybill with a database in memory."""
    from waybill.app import create_app
    from waybill.settings import Settings

    url = "sqlite+aiosqlite://"
    return create_app(Settings(environment="development", database_url=url))


# - `share_hub` is opened after `open_hub`, and what was in `resources` stays there.
def test_other_resources_stay() -> None:
    """What was in `resources` stays, and `share_hub` comes after `open_hub`."""
    from waybill import app as module
    from waybill.hub import open_hub
    from waybill.relay import share_hub
    from waybill.review import review_screens

    names = [getattr(one, "__name__", repr(one)) for one in module.resources]
    for name in EARLIER:
        there = getattr(module, name, None)  # stretch katas may have no answer
        assert there is None or there in module.resources, (
            f"`resources` contains {', '.join(names)}, and no longer {name}. Append to "
            "the list; what stands in it stays."
        )
    for mine in (open_hub, review_screens, share_hub):
        count = module.resources.count(mine)
        assert count == 1, (
            f"`resources` contains {', '.join(names)}: {mine.__name__} is there "
            f"{count} times. Append it once, without calling it."
        )
    places = [module.resources.index(one) for one in (open_hub, share_hub)]
    assert places == sorted(places), (
        f"`resources` contains {', '.join(names)}. share_hub replaces the hub that "
        "open_hub has made, so it has to come later."
    )


# - Every app that `create_app` makes opens `review_screens` and `share_hub`, once each.
@pytest.mark.parametrize("url", [None, "redis://127.0.0.1:1"])
async def test_every_waybill_opens_both(
    monkeypatch: pytest.MonkeyPatch, url: str | None
) -> None:
    """Every app reviews its screens, and shares its hub if there is a Redis."""
    from waybill import review as module
    from waybill.hub import Hub
    from waybill.relay import SharedHub

    reviewed = asyncio.Event()

    async def note(*_: object) -> None:
        reviewed.set()

    monkeypatch.setattr(module, "BETWEEN_REVIEWS", 0)
    monkeypatch.setattr(module, "review", note)
    if url:
        monkeypatch.setenv("WAYBILL_REDIS_URL", url)
    before = asyncio.all_tasks()
    for _ in range(2):
        app = make()
        reviewed.clear()
        async with app.router.lifespan_context(app):
            for _ in range(100):
                await asyncio.sleep(0)
                if reviewed.is_set():
                    break
            kind = type(app.state.hub)
            with app.state.hub.join("HAM", 7) as screen:
                app.state.hub.publish("HAM", "a text")
                count = screen.waiting.qsize()
        assert reviewed.is_set(), (
            "A Waybill was started, and its screens aren't reviewed."
        )
        assert kind is (SharedHub if url else Hub), (
            f"WAYBILL_REDIS_URL is {url or 'not set'}, and app.state.hub is a "
            f"{kind.__name__}."
        )
        assert count == 1, "What was published reached no screen of this Waybill."
        left = asyncio.all_tasks() - before
        assert not left, f"Waybill has stopped, and {len(left)} of its tasks go on."
