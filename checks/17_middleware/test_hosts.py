"""Checks of middleware.hosts: which names Waybill answers to."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import httpx
import pytest
from fastapi import FastAPI

Connect = Callable[..., httpx.AsyncClient]
Environment = Literal["development", "production"]
Make = Callable[..., Any]

OURS, OTHER, EVIL = "api.waybill.example", "depot.example", "evil.example"


@pytest.fixture(autouse=True)
def apart(clean_environment: None) -> None:
    """No settings but those of the check."""


@pytest.fixture
def make(stand: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> Make:
    """Return what makes an app that answers to some names, or to any."""

    def make(*names: str, environment: Environment = "production") -> Any:  # noqa: ANN401
        from waybill.settings import Settings

        if names:
            monkeypatch.setenv("WAYBILL_ALLOWED_HOSTS", json.dumps(names))
        else:
            monkeypatch.delenv("WAYBILL_ALLOWED_HOSTS", raising=False)
        app = FastAPI()
        app.state.settings = Settings(environment=environment)
        app.add_api_route("/rates", lambda: "6.55")
        return stand("hosts", app)

    return make


async def status(client: httpx.AsyncClient, host: str) -> int:
    """Return what a name is answered."""
    response = await client.get("/rates", headers={"Host": host})
    assert "Location" not in response.headers, (
        f"Host: {host} was redirected to {response.headers['Location']}. A client "
        "would send its token there. `www_redirect=False` refuses it."
    )
    return response.status_code


# - The names in `allowed_hosts`, and `localhost` and `127.0.0.1`, are answered.
@pytest.mark.parametrize("environment", ["production", "development"])
@pytest.mark.parametrize("names", [(OURS,), (OTHER, OURS), (OURS, "*.depot.example")])
async def test_our_names_are_answered(
    connect: Connect, make: Make, names: tuple[str, ...], environment: Environment
) -> None:
    """Named hosts, `localhost` and `127.0.0.1` are answered, with any port."""
    async with connect(make(*names, environment=environment)) as client:
        for name in (*names, "localhost", "127.0.0.1"):
            for host in (name, f"{name}:8000", name.upper()):
                asked = host.replace("*", "berlin")
                found = await status(client, asked)
                assert found == 200, (
                    f"allowed_hosts is {list(names)}, and Host: {asked} was answered "
                    f"{found} instead of 200. Are these names read for each app?"
                )


# All others get a 400.
@pytest.mark.parametrize("environment", ["production", "development"])
@pytest.mark.parametrize(
    "host",
    [
        EVIL,
        f"{EVIL}:8000",
        f"{OURS}.{EVIL}",
        f"x{OURS}",
        "waybill.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "192.0.2.7",
        "",
    ],
)
async def test_others_are_refused(
    connect: Connect, make: Make, host: str, environment: Environment
) -> None:
    """Every other name is answered 400, and the app isn't asked."""
    async with connect(make(OURS, environment=environment)) as client:
        found = await status(client, host)
    assert found == 400, (
        f"allowed_hosts is {[OURS]}, in {environment}. Host: {host or 'none'} was "
        f"answered {found} instead of 400."
    )


# - Nothing is redirected.
async def test_nothing_is_redirected(connect: Connect, make: Make) -> None:
    """A name that lacks `www.` is refused, not redirected."""
    async with connect(make("www.waybill.example")) as client:
        found = await status(client, "waybill.example")
    assert found == 400, f"Host: waybill.example was answered {found} instead of 400."


# - Without the setting, every name is answered.
@pytest.mark.parametrize("environment", ["production", "development"])
async def test_without_the_setting_all_are(
    connect: Connect, make: Make, environment: Environment
) -> None:
    """Without the setting, every name is answered."""
    async with connect(make(environment=environment)) as client:
        for host in (OURS, EVIL, "localhost", "192.0.2.7"):
            found = await status(client, host)
            assert found == 200, (
                f"WAYBILL_ALLOWED_HOSTS isn't set, and Host: {host} was answered "
                f'{found} instead of 200. A list with "*" lets every name pass.'
            )


# - In production, a list that holds `*` raises `UnsafeSettingsError`:
@pytest.mark.parametrize("names", [("*",), (OURS, "*"), ("*", OURS)])
async def test_any_name_is_refused_in_production(
    connect: Connect, make: Make, names: tuple[str, ...]
) -> None:
    """In production a list with `*` stops the start; in development it doesn't."""
    from waybill.settings import UnsafeSettingsError

    try:
        make(*names)
    except UnsafeSettingsError as error:
        said = str(error)
    else:
        raise AssertionError(
            f"In production, an app was made with WAYBILL_ALLOWED_HOSTS={list(names)}."
        )
    assert said.strip(), "UnsafeSettingsError should say what is wrong."
    async with connect(make(*names, environment="development")) as client:
        found = await status(client, EVIL)
    assert found == 200, (
        f"In development allowed_hosts is {list(names)}, and Host: {EVIL} was answered "
        f"{found}."
    )


# - In production, a list that holds `*` raises `UnsafeSettingsError`:
async def test_a_pattern_is_no_asterisk(connect: Connect, make: Make) -> None:
    """`*.waybill.example` is a list of names, and allowed in production."""
    async with connect(make("*.waybill.example")) as client:
        found = [await status(client, host) for host in (OURS, EVIL)]
    assert found == [200, 400], (
        f"allowed_hosts is ['*.waybill.example']; {OURS} and {EVIL} were answered "
        f"{found}."
    )


# - Each app reads the setting when it is made.
async def test_each_app_reads_its_own(
    connect: Connect, make: Make, tmp_path: Path
) -> None:
    """Two apps have their own names; a file `.env` counts as well."""
    apps = {OURS: make(OURS), OTHER: make(OTHER)}
    make()
    line = f'WAYBILL_ALLOWED_HOSTS=["{EVIL}"]\nPOSTGRES_PASSWORD=pigeon\n'
    (tmp_path / ".env").write_text(line, encoding="utf-8")
    apps[EVIL] = make()
    for ours, app in apps.items():
        async with connect(app) as client:
            for host in apps:
                found = await status(client, host)
                assert found == (200 if host == ours else 400), (
                    f"An app was made when allowed_hosts was {[ours]}; Host: {host} "
                    f"was answered {found}. Read HostSettings inside `hosts`."
                )
