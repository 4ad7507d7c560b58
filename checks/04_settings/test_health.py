"""Checks of settings.health: a question for those who watch over Waybill."""

import os
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

Connect = Callable[..., httpx.AsyncClient]
KEY = "k9-" * 10 + "ok"  # 32 bytes


@pytest.fixture(autouse=True)
def clean_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A current folder without a `.env`, and no variable of Waybill's."""
    for name in list(os.environ):
        if name.upper().startswith("WAYBILL_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def app_in(environment: str) -> FastAPI:
    """Return an app with the router alone, in an environment."""
    from waybill.health import router
    from waybill.settings import Settings

    app = FastAPI()
    app.state.settings = Settings(environment=environment, secret_key=KEY)
    app.include_router(router)
    return app


async def test_health_is_found(connect: Connect) -> None:
    """`GET /health` answers 200."""
    async with connect(app_in("development")) as client:
        response = await client.get("/health")
    advice = {
        404: "Does a decorator on `router` stand above your function, and does its "
        "path begin with a slash and end without one?",
        405: "Something else than GET is answered: look at the word after `router.`.",
        422: "It asks the client for something: a parameter of type AppSettings is "
        "filled by FastAPI.",
    }
    status = response.status_code
    assert status == 200, (
        f"GET /health should answer 200; yours answered {status}. "
        f"{advice.get(status, 'Compare the decorator with the brief.')}"
    )


async def test_health_says_two_things(connect: Connect) -> None:
    """Its body is the two keys of the brief and nothing else."""
    async with connect(app_in("development")) as client:
        response = await client.get("/health")
    body = response.json()
    expected = {"status": "ok", "environment": "development"}
    assert body == expected, (
        f"The body should be {expected}; yours is {body!r}. Watchers compare it "
        "word for word, and anybody can read it: two keys, and no third."
    )


async def test_health_names_the_apps_environment(connect: Connect) -> None:
    """The environment is that of the app that was asked, not of the process."""
    apps = {name: app_in(name) for name in ("development", "production")}
    for name, app in apps.items():
        async with connect(app) as client:
            body = (await client.get("/health")).json()
        assert body["environment"] == name, (
            f"An app whose settings say {name!r} answered {body!r}. Let the endpoint "
            "take the settings as a parameter of type AppSettings. If it does: is the "
            "cell of get_settings green?"
        )


async def test_health_has_a_tag() -> None:
    """In the docs it has the tag `health`."""
    operation = app_in("development").openapi()["paths"]["/health"]["get"]
    tags = operation.get("tags", [])
    advice = (
        "The tags of the router and those of the route add up: name it in one place."
        if len(tags) > 1
        else "The cell began with tags= on the router, which every route of it gets."
    )
    assert tags == ["health"], (
        f"The tags of GET /health should be ['health']; yours are {tags!r}. {advice}"
    )
    asked = [one["name"] for one in operation.get("parameters", [])]
    assert not asked, (
        f"The docs say that a client may send {asked} along. The settings are "
        "Waybill's own: ask for them with the type AppSettings."
    )
