"""Checks of streaming.resource: every Waybill notices when it is to stop."""

import signal
from collections.abc import Iterator

import pytest
from fastapi import FastAPI

EARLIER = ("open_carriers", "try_again", "open_database", "write_log", "share_limit")
EARLIER += ("share_cache",)


@pytest.fixture
def heard() -> Iterator[list[int]]:
    """What a server hears: it handles SIGTERM, as uvicorn does."""
    numbers: list[int] = []

    def hear(number: int, _frame: object) -> None:
        numbers.append(number)

    before = signal.signal(signal.SIGTERM, hear)
    yield numbers
    signal.signal(signal.SIGTERM, before)


def make() -> FastAPI:
    """Make a Waybill with a database in memory."""
    from waybill.app import create_app
    from waybill.settings import Settings

    url = "sqlite+aiosqlite://"
    return create_app(Settings(environment="development", database_url=url))


# - What was in `resources` stays there.
async def test_other_resources_stay() -> None:
    """What was in `resources` stays: carriers, the database, the log and the limit."""
    from waybill import app as module

    names = [getattr(one, "__name__", repr(one)) for one in module.resources]
    for name in EARLIER:
        there = getattr(module, name, None)  # stretch katas may have no answer
        assert there is None or there in module.resources, (
            f"`resources` contains {', '.join(names)}, and no longer {name}. Append to "
            "the list; what stands in it stays."
        )


# - Every app that `create_app` makes opens `notice_stop`.
async def test_every_waybill_opens_it(heard: list[int]) -> None:
    """Every app that `create_app` makes notices the signal, and the server hears it."""
    for which in ("a first", "a second"):
        app = make()
        heard.clear()
        async with app.router.lifespan_context(app):
            signal.raise_signal(signal.SIGTERM)
            stopping = getattr(app.state, "stopping", None)
        assert (stopping, len(heard)) == (True, 1), (
            f"SIGTERM came while {which} whole Waybill was open; app.state.stopping "
            f"was {stopping}, and the server's handler was called {len(heard)} times. "
            "Append `notice_stop` to `resources`, without calling it."
        )
