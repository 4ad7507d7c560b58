"""Checks of rate_limiting.limit_app: a limit that nothing escapes."""

import os
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from pydantic import ValidationError

Connect = Callable[..., httpx.AsyncClient]

PATHS = (
    "/v1/rates/DE",
    "/nope",
    "/docs",
    "/v1/rates/NL",
    "/v1/parcels",
    "/openapi.json",
)


@pytest.fixture(autouse=True)
def clean_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A current folder without a `.env`, and no variable of Waybill's."""
    for name in list(os.environ):
        if name.upper().startswith("WAYBILL_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def make(tmp_path: Path) -> FastAPI:
    """Return a Waybill with a database of its own."""
    from waybill.app import create_app
    from waybill.settings import Settings

    url = f"sqlite+aiosqlite:///{tmp_path / 'waybill.db'}"
    return create_app(Settings(environment="development", database_url=url))


async def statuses(client: httpx.AsyncClient, *paths: str) -> list[int]:
    """Return what paths are answered, one after the other."""
    return [(await client.get(path)).status_code for path in paths]


def why_none_is_refused(app: FastAPI, requests: int) -> str:
    """Return what lets everybody in: another limit, or a limiter that nobody asks."""
    limit = getattr(getattr(app.state, "limiter", None), "limit", None)
    if limit and limit.requests != requests:
        return (
            f"`app.state.limiter` allows {limit.requests}. Read LimitSettings inside "
            "`limit_requests`, so that each app does when it is made."
        )
    return (
        "Is limit_requests one of `extensions`? Then see what it adds: a router passes "
        "a dependency to routes that come later, and what stands around the whole app "
        "meets every request."
    )


def limiter_of(app: FastAPI, name: str) -> object:
    """Return one of an app's limiters."""
    limiter = getattr(app.state, name, None)
    assert limiter is not None, (
        f"The app has no `app.state.{name}`. `limit_requests` should set it."
    )
    return limiter


# - Routes, docs and paths that don't exist count together.
async def test_every_answer_is_limited(
    connect: Connect, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Routes, docs and paths that don't exist count, all together."""
    for requests in (3, 5):
        monkeypatch.setenv("WAYBILL_LIMIT_REQUESTS", str(requests))
        app = make(tmp_path)
        async with connect(app, raise_app_exceptions=False) as client:
            found = await statuses(client, *PATHS)
            assert 429 not in found[:requests], (
                f"The limit is {requests}; GET {', '.join(PATHS[:requests])} were "
                f"answered {found[:requests]}."
            )
            again = await statuses(client, *PATHS)
        passed = [
            f"{path} ({status})"
            for path, status in zip(PATHS, again, strict=True)
            if status != 429
        ]
        assert len(passed) < len(PATHS), (
            f"WAYBILL_LIMIT_REQUESTS is {requests}. {2 * len(PATHS)} requests came, "
            f"none was answered 429. {why_none_is_refused(app, requests)}"
        )
        assert not passed, (
            f"After {len(PATHS)} requests, with a limit of {requests}, these still "
            f"aren't answered 429: {', '.join(passed)}. A dependency reaches routes "
            "only; a middleware stands before all of them."
        )
        assert found[requests] == 429, (
            f"The limit is {requests}, and these came in turn: {found}. Count together."
        )


# - Routes, docs and paths that don't exist count together.
async def test_health_never_is(
    connect: Connect, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """`/health` is answered 200, however often it is asked."""
    monkeypatch.setenv("WAYBILL_LIMIT_REQUESTS", "2")
    async with connect(make(tmp_path)) as client:
        found = await statuses(client, *["/health"] * 5, "/v1/rates/DE", "/health")
    assert found == [200] * 7, (
        "With a limit of 2, GET /health came five times, then /v1/rates/DE, then "
        f"/health: {found}; all should be 200. Is the cell of the middleware green?"
    )


# - `app.state.limiter` is a `TokenBucket` for `limit_requests` in `limit_seconds`.
async def test_the_settings_come_from_outside(
    connect: Connect, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """100 in 60 seconds, unless the settings say otherwise; read for each app."""
    dotenv = "WAYBILL_LIMIT_REQUESTS=33\nPOSTGRES_PASSWORD=pigeon\n"
    for requests, seconds in ((100, 60), (33, 60), (12, 5), (7, 8)):
        if requests == 33:
            (tmp_path / ".env").write_text(dotenv, encoding="utf-8")
        elif requests != 100:
            monkeypatch.setenv("WAYBILL_LIMIT_REQUESTS", str(requests))
            monkeypatch.setenv("WAYBILL_LIMIT_SECONDS", str(seconds))
        async with connect(make(tmp_path)) as client:
            response = await client.get("/v1/rates/DE")
        policy = response.headers.get("RateLimit-Policy", "no RateLimit-Policy")
        assert policy.endswith(f";q={requests};w={seconds}"), (
            f"An app was made for {requests} requests in {seconds} seconds, and its "
            f"answers say: {policy}. Read LimitSettings when the app is made."
        )


# - Each app reads the settings when it is made, inside `limit_requests`, and has
# limiters of its own.
@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("LIMIT_REQUESTS", "00000"),
        ("LIMIT_SECONDS", "-7.75"),
        ("SIGN_IN_REQUESTS", "-3333"),
        ("SIGN_IN_SECONDS", "pigeon"),
    ],
)
def test_wrong_settings_stop_the_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, wrong: str
) -> None:
    """Settings that can't be meant are refused, and not repeated in the error."""
    monkeypatch.setenv(f"WAYBILL_{name}", wrong)
    said = ""
    try:
        make(tmp_path)
    except ValidationError as error:
        said = str(error)
    assert said, f"An app was made with WAYBILL_{name}={wrong}. Keep LimitSettings."
    assert wrong not in said, f"The error repeats what may hold a password: {said}"


# - Each app reads the settings when it is made, inside `limit_requests`, and has
# limiters of its own.
async def test_each_app_counts_for_itself(
    connect: Connect, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Two apps have two limiters."""
    monkeypatch.setenv("WAYBILL_LIMIT_REQUESTS", "2")
    first, second = make(tmp_path), make(tmp_path)
    async with connect(first) as client:
        await statuses(client, *["/v1/rates/DE"] * 4)
    async with connect(second) as client:
        found = await statuses(client, *["/v1/rates/DE"] * 3)
    assert found == [200, 200, 429], (
        "Two apps were made, with a limit of 2 each. The first had been used up, and "
        f"the second answered {found}; it should be [200, 200, 429]. Make a limiter "
        "for each app."
    )
    assert limiter_of(first, "attempts") is not limiter_of(second, "attempts"), (
        "Two apps share `attempts`. Make both limiters for each app."
    )


# - `app.state.attempts` stays a `FixedWindow` for `sign_in_requests` in
# `sign_in_seconds`.
async def test_sign_in_has_a_limiter_of_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """`app.state.attempts` is a `FixedWindow` with the settings for sign-in."""
    from waybill.limits import FixedWindow, Limit, TokenBucket

    for general, sign_in in (
        (Limit(100, 60), Limit(10, 300)),
        (Limit(9, 70.25), Limit(4, 80.5)),
    ):
        if general.requests == 9:
            monkeypatch.setenv("WAYBILL_LIMIT_REQUESTS", "9")
            monkeypatch.setenv("WAYBILL_LIMIT_SECONDS", "70.25")
            monkeypatch.setenv("WAYBILL_SIGN_IN_REQUESTS", "4")
            monkeypatch.setenv("WAYBILL_SIGN_IN_SECONDS", "80.5")
        app = make(tmp_path)
        limiter, attempts = limiter_of(app, "limiter"), limiter_of(app, "attempts")
        assert isinstance(limiter, TokenBucket), f"`limiter` is {limiter!r}."
        assert isinstance(attempts, FixedWindow), f"`attempts` is {attempts!r}."
        assert (limiter.limit, attempts.limit) == (general, sign_in), (
            f"The settings say {general} for all requests and {sign_in} for sign-in. "
            f"The app counts with {limiter.limit} and {attempts.limit}."
        )


# - The docs mention the 429 of each route.
async def test_the_docs_mention_it(tmp_path: Path) -> None:
    """The docs of every route below `/v1` mention the 429, shaped like `Problem`."""
    docs = make(tmp_path).openapi()
    for path, operations in docs["paths"].items():
        for method, operation in operations.items():
            if not path.startswith("/v1/"):
                continue
            answer = operation["responses"].get("429")
            assert answer, (
                f"{method.upper()} {path} may be answered 429, and its docs know "
                f"{', '.join(operation['responses'])}. `document_limit` has to come "
                "before the routes are added."
            )
            shapes = [one.get("schema") for one in answer.get("content", {}).values()]
            assert shapes == [{"$ref": "#/components/schemas/Problem"}], (
                f"The docs of {method.upper()} {path} describe the 429 as {answer}; it "
                "has the shape of Problem."
            )
