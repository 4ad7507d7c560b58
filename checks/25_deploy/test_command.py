"""Checks of deploy.command: what uvicorn is told, and whom it believes."""

import logging
import runpy
import sys
from typing import Any

import pytest
import uvicorn

DOOR = "203.0.113.9"
SAID = "198.51.100.7"


def configured(app: Any = "waybill.main:app", **settings: Any) -> uvicorn.Config:  # noqa: ANN401
    """Return what uvicorn makes of the options for these settings."""
    from waybill.serve import ServeSettings, options

    told = options(ServeSettings(_env_file=None, **settings))
    assert isinstance(told, dict), (
        f"`options` returned {told!r}. Return a dictionary: each key is an argument of "
        "`uvicorn.run`."
    )
    try:
        return uvicorn.Config(app, **told)
    except TypeError as error:
        raise AssertionError(
            f"uvicorn refused the options: {error}. Each key is an argument of "
            "`uvicorn.run`, spelled as in the example."
        ) from None


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Variables of other programs have no say."""
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")
    monkeypatch.setenv("WEB_CONCURRENCY", "3")
    for name in ("HOST", "PORT", "WORKERS", "PROXIES", "GRACE_SECONDS"):
        monkeypatch.delenv(f"WAYBILL_{name}", raising=False)


# - Waybill is served where `settings` say, `host` and `port`, by as many `workers`.
@pytest.mark.parametrize(
    ("host", "port", "workers"),
    [("127.0.0.1", 8000, 1), ("0.0.0.0", 9000, 4), ("::1", 8080, 2)],  # noqa: S104
)
def test_it_is_served_where_the_settings_say(
    host: str, port: int, workers: int
) -> None:
    """It is served where the settings say, by as many workers."""
    config = configured(host=host, port=port, workers=workers)
    found = config.host, config.port, config.workers
    assert found == (host, port, workers), (
        f"The settings say {(host, port, workers)}, and uvicorn is told {found}."
    )


async def seen(config: uvicorn.Config, client: str) -> tuple[str, str]:
    """Return whom an app sees, and over what, when somebody says to be another one."""
    scopes: list[dict[str, Any]] = []

    async def app(scope: dict[str, Any], _receive: object, _send: object) -> None:
        scopes.append(scope)

    config.app = app
    config.load()
    headers = [(b"x-forwarded-for", SAID.encode()), (b"x-forwarded-proto", b"https")]
    scope = {"type": "http", "scheme": "http", "client": (client, 5000)}
    before = logging.root.level  # an app that was loaded has no say in the log
    await config.loaded_app({**scope, "headers": headers}, None, None)  # type: ignore[arg-type, typeddict-item]
    logging.root.setLevel(before)
    return scopes[0]["client"][0], scopes[0]["scheme"]


# - `X-Forwarded-For` and its like are believed from `settings.proxies` alone.
@pytest.mark.parametrize(
    ("proxies", "client", "believed"),
    [
        (["10.0.0.5"], "10.0.0.5", True),
        (["10.0.0.5"], "10.0.0.6", False),
        (["10.0.0.5"], "127.0.0.1", False),
        (["192.168.7.1", "10.1.0.0/16"], "10.1.44.2", True),
        (["192.168.7.1", "10.1.0.0/16"], "192.168.7.1", True),
        (["192.168.7.1", "10.1.0.0/16"], DOOR, False),
        (["fd00::7"], "fd00::7", True),
    ],
)
async def test_named_proxies_are_believed(
    proxies: list[str], client: str, believed: bool
) -> None:
    """What a proxy says of a client is believed if the proxy is named, only then."""
    found = await seen(configured(proxies=proxies), client)
    wanted = (SAID, "https") if believed else (client, "http")
    assert found == wanted, (
        f"With the proxies {proxies}, {client} said that it asks for {SAID}, over "
        f"https. Waybill saw {found[0]}, over {found[1]}; wanted is {wanted[0]}, over "
        f"{wanted[1]}."
    )


# - `X-Forwarded-For` and its like are believed from `settings.proxies` alone. With
# none named, nobody is believed.
@pytest.mark.parametrize("client", [DOOR, "127.0.0.1", "10.0.0.5", "::1"])
async def test_nobody_is_believed_unless_named(client: str) -> None:
    """With no proxy named, nobody is believed, this machine included."""
    found = await seen(configured(), client)
    assert found == (client, "http"), (
        f"No proxy is named, and {client} said that it asks for {SAID}, over https. "
        f"Waybill saw {found[0]}, over {found[1]}: whoever writes that header chooses "
        "whom a limit counts. Without the option, or with None, uvicorn believes this "
        "machine, or whom a variable names; an empty list is nobody."
    )


# - A process takes at most 1000 connections at a time.
def test_a_process_takes_so_many_connections() -> None:
    """A process takes at most 1000 connections at a time."""
    found = configured(workers=2).limit_concurrency
    assert found == 1000, (
        f"uvicorn's limit of connections is {found!r}. None is no limit: under a flood "
        "the queue grows until the memory is full. The option is `limit_concurrency`."
    )


# - A message of a screen (lesson 21) has at most 65,536 bytes.
def test_a_message_of_a_screen_is_bounded() -> None:
    """A message of a screen has at most 65,536 bytes."""
    found = configured().ws_max_size
    assert found == 65_536, (
        f"uvicorn reads a message of up to {found!r} bytes before Waybill can refuse "
        "it. The option is `ws_max_size`."
    )


# - Asked to stop, it gives what is in hand `settings.grace_seconds`.
@pytest.mark.parametrize("seconds", [5, 2, 17])
def test_a_stop_is_bounded(seconds: int) -> None:
    """Asked to stop, it gives what is in hand as long as the settings say."""
    found = configured(grace_seconds=seconds).timeout_graceful_shutdown
    assert found == seconds, (
        f"With grace_seconds={seconds}, uvicorn waits {found!r} seconds for what is in "
        "hand. None is for ever: one client that stalls, and the server never stops. "
        "The option is `timeout_graceful_shutdown`."
    )


# - uvicorn sets up no log of its own, and writes no line for each request.
def test_the_log_is_waybills() -> None:
    """uvicorn sets up no log of its own, and writes no line for each request."""
    logger = logging.getLogger("uvicorn")
    before = [*logger.handlers]
    config = configured()
    after, logger.handlers[:] = [*logger.handlers], before
    assert after == before, (
        "uvicorn gave its logger a handler of its own: lines of two forms then stand "
        "in one log. The option is `log_config`, and None leaves the log alone."
    )
    assert config.access_log is False, (
        "uvicorn would write a line for each request, with its path, and Waybill has "
        "written one already. The option is `access_log`."
    )


# - Answers don't say which server they come from.
def test_answers_do_not_name_the_server() -> None:
    """Answers don't say which server they come from."""
    config = configured()
    config.app = lambda _scope: None
    config.load()
    names = {name.lower() for name, _ in config.encoded_headers}
    assert b"server" not in names, (
        "Each answer has the header `server: uvicorn`, so whoever looks for a server "
        "with a known hole finds yours. The option is `server_header`."
    )


# - Waybill is served where `settings` say, `host` and `port`, by as many `workers`.
def test_the_command_uses_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """`python -m waybill.serve` serves `waybill.main:app` with these options."""
    calls: list[tuple[Any, dict[str, Any]]] = []
    monkeypatch.setattr(uvicorn, "run", lambda app, **told: calls.append((app, told)))
    monkeypatch.setenv("WAYBILL_PORT", "8123")
    monkeypatch.setenv("WAYBILL_PROXIES", '["10.0.0.5"]')
    monkeypatch.delitem(sys.modules, "waybill.serve", raising=False)
    runpy.run_module("waybill.serve", run_name="__main__")
    assert len(calls) == 1, f"It called `uvicorn.run` {len(calls)} times, not once."
    app, told = calls[0]
    assert app == "waybill.main:app"
    found = told.get("port"), told.get("forwarded_allow_ips")
    assert found in ((8123, ["10.0.0.5"]), (8123, "10.0.0.5")), (
        "With WAYBILL_PORT=8123 and WAYBILL_PROXIES='[\"10.0.0.5\"]', uvicorn was told "
        f"the port {found[0]!r} and the proxies {found[1]!r}."
    )
