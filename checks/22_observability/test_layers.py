"""Checks of observability.layers: probes first, and everything else is measured."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

Connect = Callable[..., httpx.AsyncClient]


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FastAPI:
    """A Waybill of a developer."""
    from waybill.app import create_app
    from waybill.settings import Settings

    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WAYBILL_METRICS_TOKEN", raising=False)
    monkeypatch.setenv("WAYBILL_LIMIT_REQUESTS", "3")
    url = f"sqlite+aiosqlite:///{tmp_path / 'waybill.db'}"
    return create_app(Settings(environment="development", database_url=url))


# - `probes` is the first of `layers`, and `measure` the second. The others keep their
# order.
def test_they_stand_first() -> None:
    """`probes` and `measure` stand outside of all other layers, once each."""
    from waybill.layers import layers

    names = [one.__name__ for one in layers]
    assert names[:2] == ["probes", "measure"], (
        f"`layers` holds {', '.join(names)}. What is first is met first: `insert(0, "
        "…)` "
        "puts something there, and what is inserted last stands before what was."
    )
    assert len(names) == len({*names}), f"`layers` holds {', '.join(names)}."
    rest = [name for name in names if name in ("request_ids", "request_log", "cors")]
    assert rest == ["request_ids", "request_log", "cors"], f"The others: {rest}."


# - A load balancer may ask as often as it likes, and each other request is counted, a
# refusal by the limit included.
async def test_probes_are_free_and_the_rest_is_counted(
    connect: Connect, app: FastAPI
) -> None:
    """Probes are never refused, and each other request is counted."""
    async with (
        app.router.lifespan_context(app),
        connect(app, raise_app_exceptions=False) as client,
    ):
        for path in ("/live", "/ready") * 5:
            response = await client.get(path)
            assert response.status_code == 200, (
                f"Three requests are allowed, and {path} was answered "
                f"{response.status_code}: {response.text}."
            )
        for _ in range(5):
            response = await client.get("/v1/rates/DE")
        assert response.status_code == 429, f"The fifth: {response.status_code}."
        text = (await client.get("/metrics")).text
    lines = [one for one in text.splitlines() if one.startswith("waybill_requests_t")]
    for route, status, count in (("/v1/rates/{country}", "2xx", 3), ("none", "4xx", 2)):
        labels = f'method="GET",route="{route}",status="{status}"'
        assert f"waybill_requests_total{{{labels}}} {count}.0" in lines, (
            "Five rates were asked, and the limit of three refused two of them. The "
            f"metrics should have {count} with {labels}; they have {lines}."
        )
    assert "/ready" not in text, "A probe was counted, and would hide what people ask."
