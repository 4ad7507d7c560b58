"""Checks of caching.resource: every Waybill has a cache of its own."""

import pytest
from fastapi import FastAPI

pytestmark = pytest.mark.usefixtures("clean_environment")
EARLIER = ("open_carriers", "try_again", "open_database", "write_log", "share_limit")


def make() -> FastAPI:
    """Make a Waybill with a database in memory."""
    from waybill.app import create_app
    from waybill.settings import Settings

    url = "sqlite+aiosqlite://"
    return create_app(Settings(environment="development", database_url=url))


# - Every app that `create_app` makes opens `open_cache`.
async def test_every_waybill_has_a_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every app that `create_app` makes has a cache of its own while it runs."""
    from waybill.cache import Cache

    monkeypatch.setenv("WAYBILL_CACHE_SECONDS", "7.5")
    monkeypatch.setenv("WAYBILL_CACHE_ENTRIES", "3")
    found = []
    for _ in range(2):
        app = make()
        async with app.router.lifespan_context(app):
            cache = getattr(app.state, "cache", None)
            assert isinstance(cache, Cache), (
                f"A whole Waybill runs, and its app.state.cache is {cache!r}. Append "
                "`open_cache` to `resources`, without calling it."
            )
            found.append(cache)
            store = cache.store
            limits = (getattr(store, "seconds", 0), getattr(store, "most", 0))
            assert limits == (7.5, 3), (
                "WAYBILL_CACHE_SECONDS is 7.5 and WAYBILL_CACHE_ENTRIES is 3. The "
                f"store of app.state.cache keeps {limits[1]} texts for {limits[0]} s."
            )
    assert found[0] is not found[1], "Two apps share one cache."


# - What was in `resources` stays there.
async def test_other_resources_stay() -> None:
    """What was in `resources` stays, and the cache comes after the database."""
    from waybill import app as module

    names = [getattr(one, "__name__", repr(one)) for one in module.resources]
    for name in EARLIER:
        there = getattr(module, name, None)  # stretch katas may have no answer
        assert there is None or there in module.resources, (
            f"`resources` contains {', '.join(names)}, and no longer {name}. Append to "
            "the list; what stands in it stays."
        )
    assert names.count("open_cache") == 1, f"`resources` contains {', '.join(names)}."
