"""Checks of settings.create_app: any number of Waybills, each with its settings."""

import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

Connect = Callable[..., httpx.AsyncClient]
Extensions = list[Callable[[FastAPI], None]]
Make = Callable[..., FastAPI]
DOCS = ("/docs", "/redoc", "/openapi.json")
LARGEST = 65_536
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def extensions() -> Iterator[Extensions]:
    """Waybill's own list of extensions, as it was again afterwards."""
    from waybill.app import extensions

    assert isinstance(extensions, list), (
        f"`extensions` is a {type(extensions).__name__}. Keep it the list it was in "
        "the cell: later lessons append to it."
    )
    kept = extensions[:]
    yield extensions
    extensions[:] = kept


# - Unsafe settings are refused first of all, by the `UnsafeSettingsError` of
# `refuse_unsafe`.
async def test_unsafe_settings_are_refused(
    extensions: Extensions, settings: Callable[..., Any]
) -> None:
    """Unsafe settings are refused: `UnsafeSettingsError`, before any extension."""
    from waybill.app import create_app
    from waybill.settings import Settings, UnsafeSettingsError

    called: list[FastAPI] = []
    extensions.insert(0, called.append)
    for unsafe in (
        Settings(),
        settings("production", secret_key="hunter2"),  # noqa: S106
        settings("production", allowed_origins=["*"]),
    ):
        error = None
        try:
            create_app(unsafe)
        except (NameError, TypeError):
            raise  # a slip, such as an import that is missing: its line says more
        except (Exception, SystemExit) as raised:  # noqa: BLE001 - see below
            error = raised
        assert error, (
            f"create_app made an app of {unsafe!r}, which refuse_unsafe refuses. Ask "
            "it before anything else, and let its exception pass."
        )
        assert isinstance(error, UnsafeSettingsError), (
            f"create_app ended in {error!r}, not in UnsafeSettingsError. Is the cell "
            "of refuse_unsafe green? Then let its exception pass as it is."
        )
        assert not called, (
            "create_app refused unsafe settings, and had called the functions in "
            "`extensions` before: with a weak key, they had an app to work on. Refuse "
            "first of all."
        )


# - Every call makes a new app, with its settings in `app.state.settings`.
async def test_each_app_has_its_own_settings(
    settings: Callable[..., Any], connect: Connect
) -> None:
    """Every call makes a new app, with its settings in `app.state.settings`."""
    from waybill.app import create_app

    wanted = [settings(), settings("production"), settings(), settings("production")]
    apps = [create_app(one) for one in wanted]
    assert all(isinstance(app, FastAPI) for app in apps), (
        f"create_app(settings) should return a FastAPI app; yours returned {apps[0]!r}."
    )
    different = len({id(app) for app in apps})
    assert different == len(apps), (
        f"create_app was called {len(apps)} times and made {different} apps. Call "
        "FastAPI() inside the function, with no cache around it."
    )
    for app, mine in zip(apps, wanted, strict=True):
        found = getattr(app.state, "settings", None)
        assert found is not None, (
            "The app has no app.state.settings, so whoever asks for AppSettings is "
            "answered 500. Put there what create_app was given."
        )
        assert found is mine, (
            f"An app made for {mine!r} has {found!r}. Keep the very object that "
            "create_app was given."
        )
        async with connect(app) as client:
            response = await client.get("/health")
        said = response.json().get("environment", mine.environment)
        assert said == mine.environment, (
            f"Of several apps in one process, one made for {mine.environment} says "
            f"{said!r}. Is the cell of get_settings green? Then look at "
            "app.state.settings."
        )


# - The app has `lifespan`, as it has now.
@pytest.mark.parametrize("environment", ["development", "production"])
async def test_it_has_the_lifespan(make: Make, environment: str) -> None:
    """The app has `lifespan`: starting it opens what `resources` holds."""
    from waybill.app import resources

    journal: list[tuple[str, FastAPI]] = []

    @asynccontextmanager
    async def probe(app: FastAPI) -> AsyncIterator[None]:
        journal.append(("open", app))
        yield
        journal.append(("close", app))

    kept = resources[:]
    resources[:] = [probe]
    try:
        app = make(environment)
        async with app.router.lifespan_context(app):
            pass
    finally:
        resources[:] = kept
    assert journal == [("open", app), ("close", app)], (
        f"The app was started and stopped; its one resource should have been opened "
        f"and closed, and what happened is {[what for what, _ in journal]}. Is "
        "`lifespan` handed to FastAPI(...) when the app is made, and its cell green?"
    )


# - Then each function in `extensions` is called with the app, in order.
@pytest.mark.parametrize("environment", ["development", "production"])
async def test_extensions_are_applied(
    extensions: Extensions, make: Make, environment: str
) -> None:
    """Each function in `extensions` is called with the app, in order."""
    seen: list[tuple[int, FastAPI]] = []
    for number in (1, 2):
        extensions.append(lambda app, number=number: seen.append((number, app)))
    app = make(environment)
    numbers = [number for number, _ in seen]
    assert numbers == [1, 2], (
        "Two functions were appended to `extensions`, and an app was made. Expected "
        f"calls: [1, 2]; calls: {numbers}. Read the list inside create_app, and call "
        "each entry once."
    )
    assert all(given is app for _, given in seen), (
        "A function in `extensions` wasn't called with the app that was returned."
    )


async def test_extensions_find_the_settings(extensions: Extensions, make: Make) -> None:
    """When they are called, the app has its settings already."""
    found: list[Any] = []
    extensions.insert(0, lambda app: found.append(getattr(app.state, "settings", None)))
    make(database_url="sqlite+aiosqlite:///early.db")
    urls = [getattr(settings, "database_url", None) for settings in found]
    assert urls == ["sqlite+aiosqlite:///early.db"], (
        "A function in `extensions` looked for app.state.settings and found "
        f"{found}. Later lessons decide there by the settings: set them first."
    )


# - `add_routes` is one of `extensions`, and nothing else mounts the routes: each is
# there once.
@pytest.mark.parametrize("path", ["/health", "/v1/rates/NL"])
async def test_every_route_is_mounted(make: Make, connect: Connect, path: str) -> None:
    """`/health` and the routes of `/v1` are there, each of them once."""
    for environment in ("development", "production"):
        async with connect(make(environment)) as client:
            response = await client.get(path)
        assert response.status_code == 200, (
            f"In {environment} GET {path} answered {response.status_code}. Is "
            "add_routes called with the app, and is the cell of health green?"
        )
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        make().openapi()
    twice = [str(one.message) for one in caught if "Duplicate" in str(one.message)]
    assert not twice, (
        "Waybill's routes are mounted twice. `add_routes` is one of `extensions`: "
        "what the loop calls needs no call of its own."
    )


async def test_add_routes_is_an_extension(
    extensions: Extensions, make: Make, connect: Connect
) -> None:
    """`add_routes` is one of `extensions`, and nothing else mounts the routes."""
    from waybill import app as module

    add_routes = getattr(module, "add_routes", None)
    names = [getattr(one, "__name__", repr(one)) for one in extensions]
    assert add_routes in extensions, (
        f"`extensions` holds {names}, and `add_routes` of waybill/app.py is not among "
        "them. Keep it there: what an app gets is decided by the list alone."
    )
    extensions.clear()
    async with connect(make(), raise_app_exceptions=False) as client:
        status = (await client.get("/health")).status_code
    assert status == 404, (
        f"`extensions` was emptied, add_routes with it, and a new app answered GET "
        f"/health with {status}: something else has mounted the routes. Leave that to "
        "add_routes, which the loop calls."
    )


# - In production `/docs`, `/redoc` and `/openapi.json` answer 404; in development they
# answer 200.
@pytest.mark.parametrize("origins", [[], ["https://waybill.example"]])
async def test_production_shows_no_docs(
    make: Make, connect: Connect, origins: list[str]
) -> None:
    """In production `/docs`, `/redoc` and `/openapi.json` answer 404."""
    app = make("production", allowed_origins=origins)
    async with connect(app, raise_app_exceptions=False) as client:
        answers = {path: (await client.get(path)).status_code for path in DOCS}
    still = [f"{path} ({status})" for path, status in answers.items() if status != 404]
    assert not still, (
        f"In production these don't answer 404: {', '.join(still)}. Whoever reads "
        "/openapi.json knows every route and every field of Waybill. The pages are "
        "drawn from one document: switch that off when the app is made."
    )


async def test_development_shows_the_docs(make: Make, connect: Connect) -> None:
    """In development they answer 200, for `Waybill` 1.0.0."""
    async with connect(make(allowed_origins=["*"])) as client:
        for path in DOCS:
            response = await client.get(path)
            assert response.status_code == 200, (
                f"In development GET {path} should answer 200; yours answered "
                f"{response.status_code}. Switch the docs off in production alone."
            )
        info = (await client.get("/openapi.json")).json()["info"]
    assert (info["title"], info["version"]) == ("Waybill", "1.0.0"), (
        f"The docs should be those of Waybill 1.0.0; yours say {info}. Keep title= and "
        "version= as they were in the cell."
    )


# - `redirect_slashes=False` and `max_body_size=` stay in: a path with a slash too many
@pytest.mark.parametrize("environment", ["development", "production"])
async def test_no_redirect_leads_elsewhere(
    make: Make, connect: Connect, environment: str
) -> None:
    """A path with a slash too many is answered 404, and is not redirected."""
    async with connect(make(environment), raise_app_exceptions=False) as client:
        for path in ("/v1/rates/", "/health/", "/v1/rates/NL/"):
            response = await client.get(path, headers={"Host": "evil.example"})
            assert response.status_code == 404, (
                f"GET {path}, with a slash too many and `Host: evil.example`, was "
                f"answered {response.status_code} instead of 404. Whoever sends the "
                "request chooses that host. Keep redirect_slashes=False."
            )


@pytest.mark.parametrize("environment", ["development", "production"])
@pytest.mark.parametrize("announced", [True, False])
async def test_a_large_body_is_refused(
    make: Make, environment: str, *, announced: bool
) -> None:
    """A body of more than `LARGEST_BODY` bytes is answered 413, and not read on."""
    from waybill.app import LARGEST_BODY

    assert LARGEST_BODY == LARGEST, f"LARGEST_BODY is {LARGEST_BODY}. Keep 65_536."
    sent = 0

    async def flood(size: int) -> AsyncIterator[bytes]:
        nonlocal sent
        for start in range(0, size, 65_536):
            part = b"x" * min(65_536, size - start)
            sent += len(part)
            yield part

    transport = httpx.ASGITransport(make(environment), raise_app_exceptions=False)
    client = httpx.AsyncClient(transport=transport, base_url="http://waybill")
    async with client:
        for size, refused in ((LARGEST, False), (LARGEST + 1, True), (2**24, True)):
            sent = 0
            headers = JSON | ({"Content-Length": str(size)} if announced else {})
            response = await client.post(
                "/v1/rates/price", content=flood(size), headers=headers
            )
            assert (response.status_code == 413) == refused, (
                f"A body of {size} bytes was answered {response.status_code}. The "
                f"limit is LARGEST_BODY, {LARGEST} bytes: up to there a body is read, "
                "and above it the answer is 413. Keep max_body_size=LARGEST_BODY."
            )
        assert sent <= LARGEST + 65_536, (
            f"Of a body of {size} bytes {sent} were read before the answer was 413, "
            "and all of them stood in memory. FastAPI's own max_body_size stops early."
        )
