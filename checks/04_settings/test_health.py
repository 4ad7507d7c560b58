"""Checks of settings.health: a question for those who watch over Waybill."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

Connect = Callable[..., httpx.AsyncClient]
AppIn = Callable[[str], FastAPI]


@pytest.fixture
def app_in(settings: Callable[..., Any]) -> AppIn:
    """Return a function that makes an app with the router alone, in an environment."""

    def made(environment: str) -> FastAPI:
        from waybill.health import router

        app = FastAPI()
        app.state.settings = settings(environment)
        app.include_router(router)
        return app

    return made


# - `GET /health` answers 200, with exactly the two keys below.
async def test_health_is_found(app_in: AppIn, connect: Connect) -> None:
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
        f"{advice.get(status, 'Compare the decorator with the starting code.')}"
    )


async def test_health_says_two_things(app_in: AppIn, connect: Connect) -> None:
    """Its body has exactly the two keys, `status` and `environment`."""
    async with connect(app_in("development")) as client:
        response = await client.get("/health")
    body = response.json()
    keys = sorted(body) if isinstance(body, dict) else None
    assert keys == ["environment", "status"], (
        "The body should be a JSON object with `status` and `environment`, and anybody "
        f"can read it, so with no third; yours is {body!r}."
    )
    assert body["status"] == "ok", (
        f"`status` should be 'ok', since watchers compare it word for word; yours is "
        f"{body['status']!r}."
    )


# - `HEAD /health` answers 200 as well, without a body.
async def test_head_is_answered(app_in: AppIn, connect: Connect) -> None:
    """`HEAD /health` answers 200 as well, without a body."""
    for environment in ("development", "production"):
        async with connect(app_in(environment)) as client:
            response = await client.head("/health")
        assert response.status_code == 200, (
            f"HEAD /health should answer 200; yours answered {response.status_code}. "
            "FastAPI answers HEAD only where a route says so: keep the decorator "
            "@router.head of the starting code."
        )
        assert not response.content, (
            f"The answer to HEAD has the body {response.text!r}. HEAD wants none: let "
            "the decorator stand above the function that answers GET."
        )


# - `environment` is that of the app that was asked.
async def test_health_names_the_apps_environment(
    app_in: AppIn, connect: Connect
) -> None:
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


# - In the docs it stands once, under GET, with the tag `health`.
async def test_health_has_a_tag(app_in: AppIn) -> None:
    """In the docs it stands once, under GET, with the tag `health`."""
    operations = app_in("development").openapi()["paths"].get("/health", {})
    assert [*operations] == ["get"], (
        f"In the docs, /health should stand under GET alone; yours stands under "
        f"{[*operations]}. include_in_schema=False keeps a method out of the docs."
    )
    operation = operations["get"]
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
