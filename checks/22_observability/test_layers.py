"""Checks of observability.layers: what stands in front of everything."""

import logging
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

Connect = Callable[..., httpx.AsyncClient]
RIGHT = "a token of these checks"
PROBES = ("/health", "/ready", "/metrics")


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A current folder without a `.env`, and a limit of three requests."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WAYBILL_LIMIT_REQUESTS", "3")
    monkeypatch.setenv("WAYBILL_METRICS_TOKEN", RIGHT)


def make(place: Path) -> FastAPI:
    """Make a Waybill with a database of its own."""
    from waybill.app import create_app
    from waybill.settings import Settings

    url = f"sqlite+aiosqlite:///{place / 'waybill.db'}"
    return create_app(Settings(environment="development", database_url=url))


# - Every Waybill has both: a request meets `door` first, then `count_requests`, then
# what was in `layers` before.
def test_they_stand_in_front() -> None:
    """`door` and `count_requests` are the first of `layers`, and the others stay."""
    from waybill import layers as module
    from waybill.door import door
    from waybill.metrics import count_requests

    names = [getattr(one, "__name__", repr(one)) for one in module.layers]
    for mine in (door, count_requests):
        count = module.layers.count(mine)
        assert count == 1, (
            f"`layers` contains {', '.join(names)}: {mine.__name__} is there {count} "
            "times. Put it in once, without calling it."
        )
    assert names[:2] == ["door", "count_requests"], (
        f"`layers` contains {', '.join(names)}. A request should meet `door` first, "
        "then `count_requests`."
    )
    earlier = ("request_ids", "request_log", "cors", "security_headers", "hosts")
    for name in (*earlier, "large_bodies", "compress"):
        there = getattr(module, name, None)  # stretch katas may have no answer
        assert there is None or there in module.layers, (
            f"`layers` contains {', '.join(names)}, and no longer {name}."
        )
    assert names.index("request_ids") < names.index("request_log"), (
        f"`layers` contains {', '.join(names)}. What was there keeps its order."
    )


# - Probes and `/metrics` are refused by no limit, counted by no metric, and have no
# line in the log.
async def test_probes_pass_by_everything(
    connect: Connect, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Probes are always answered, not counted, and not logged."""
    app = make(tmp_path)
    shown = {"Authorization": f"Bearer {RIGHT}"}
    async with app.router.lifespan_context(app), connect(app) as client:
        caplog.clear()
        caplog.set_level(logging.INFO, "waybill")
        for path in PROBES:
            found = [
                (await client.get(path, headers=shown)).status_code for _ in "12345"
            ]
            assert found == [200] * 5, (
                f"With a limit of 3, GET {path} came five times and was answered "
                f"{found}; 200 each time was expected."
            )
        lines = [record.getMessage() for record in caplog.records]
        assert not lines, f"Probes left lines in the log: {lines[:3]}."
        rates = [(await client.get("/v1/rates/DE")).status_code for _ in "1234"]
        page = (await client.get("/metrics", headers=shown)).text
    assert rates == [200, 200, 200, 429], (
        f"With a limit of 3, GET /v1/rates/DE came four times, after the probes, and "
        f"was answered {rates}. Probes should count for nobody, and the others should."
    )
    counted = [one for one in page.splitlines() if one.startswith("waybill_requests_t")]
    assert not [one for one in counted if any(path in one for path in PROBES)], (
        f"Probes are counted: {counted}."
    )
    assert sum(float(one.rpartition(" ")[2]) for one in counted) == 4, (
        "Four requests came, the last of which was refused with a 429. The page of "
        f"metrics counts {counted}."
    )


# - Every Waybill has both: a request meets `door` first, then `count_requests`, then
# what was in `layers` before.
async def test_each_counts_for_itself(connect: Connect, tmp_path: Path) -> None:
    """Two Waybills in one process count apart."""
    places = [tmp_path / name for name in ("first", "second")]
    for place in places:
        place.mkdir()
    first, second = (make(place) for place in places)
    async with first.router.lifespan_context(first), connect(first) as client:
        await client.get("/v1/rates/DE")
    shown = {"Authorization": f"Bearer {RIGHT}"}
    async with second.router.lifespan_context(second), connect(second) as client:
        page = (await client.get("/metrics", headers=shown)).text
    assert "waybill_requests_total{" not in page, (
        "One Waybill was asked, and another has counted it."
    )
