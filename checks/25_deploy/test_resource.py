"""Checks of deploy.resource: a Waybill that drains."""

import signal
from pathlib import Path
from typing import Any

import anyio
import anyio.lowlevel
import pytest


# - Each Waybill opens `drain` after everything else
async def test_waybill_drains_before_its_streams_end(
    heard: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A Waybill that gets SIGTERM drains first; its streams and its server go on."""
    from waybill.app import create_app
    from waybill.settings import Settings

    monkeypatch.setenv("WAYBILL_DRAIN_SECONDS", "3600")
    monkeypatch.delenv("WAYBILL_REDIS_URL", raising=False)
    url = f"sqlite+aiosqlite:///{tmp_path / 'waybill.db'}"
    app = create_app(Settings(environment="development", database_url=url))
    async with app.router.lifespan_context(app):
        early = getattr(app.state, "draining", "not set")
        signal.raise_signal(signal.SIGTERM)
        for _ in range(20):
            await anyio.lowlevel.checkpoint()
        late = getattr(app.state, "draining", "not set"), app.state.stopping
        told = len(heard)
    assert early is False, (
        f"A Waybill was opened, and `app.state.draining` is {early}. Append `drain` to "
        "`resources`."
    )
    assert (*late, told) == (True, False, 0), (
        f"A Waybill got SIGTERM, with an hour to drain. Draining is {late[0]}, "
        f"stopping is {late[1]}, and its server was told {told} times; wanted is True, "
        "False and 0. What is opened last hears the signal first."
    )


# - Each Waybill opens `drain` after everything else
def test_it_is_opened_once() -> None:
    """It is opened once, after what ends streams."""
    from waybill.app import resources
    from waybill.draining import drain
    from waybill.stopping import notice_stop

    assert resources.count(drain) == 1, (
        f"`drain` stands in `resources` {resources.count(drain)} times. Append the "
        "function, without calling it."
    )
    assert resources.index(drain) > resources.index(notice_stop)
