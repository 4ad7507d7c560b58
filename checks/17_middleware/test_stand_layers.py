"""Checks of middleware.stand_layers: every answer of Waybill passes the layers."""

import logging
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.middleware import Middleware

Connect = Callable[..., httpx.AsyncClient]

SHOP = "https://shop.example"
ANSWERS = (
    ("GET", "/v1/rates/DE", 200),
    ("GET", "/v1/nowhere", 404),
    ("DELETE", "/v1/rates/DE", 405),
    ("POST", "/v1/rates/price", 422),
    ("GET", "/crash", 500),
    ("POST", "/large", 413),
    ("POST", "/large?as=a+stream", 413),
)


@pytest.fixture(autouse=True)
def apart(clean_environment: None) -> None:
    """No settings but those of the check."""


@pytest.fixture
def make(tmp_path: Path) -> Callable[[], FastAPI]:
    """Return what makes a Waybill, with a route that crashes."""

    def make() -> FastAPI:
        from waybill.app import create_app
        from waybill.settings import Settings

        url = f"sqlite+aiosqlite:///{tmp_path / 'waybill.db'}"
        settings = Settings(
            environment="development", database_url=url, allowed_origins=[SHOP]
        )
        app = create_app(settings)

        @app.get("/crash")
        async def crash() -> None:
            raise LookupError("nobody expected this")

        @app.post("/large")
        async def large(body: dict[str, str]) -> int:
            return len(body)

        return app

    return make


class Probe:
    """A layer that notes what passes it, and counts how often it was made."""

    def __init__(self, app: Any, name: str, notes: list[str]) -> None:  # noqa: ANN401
        self.app, self.name, self.notes = app, name, notes
        notes.append(f"{name} is made")

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401
        """Note a request on its way in, and its status on the way out."""
        self.notes.append(f"{self.name} meets {scope['type']}")

        async def send_on(message: Any) -> None:  # noqa: ANN401
            if "status" in message:
                self.notes.append(f"{self.name} sees {message['status']}")
            await send(message)

        await self.app(scope, receive, send_on)


def probes(notes: list[str], *names: str) -> list[Any]:
    """Return functions such as `layers` has."""

    def probe(name: str) -> Callable[[FastAPI], Middleware]:
        return lambda _app: Middleware(Probe, name=name, notes=notes)

    return [probe(name) for name in names]


async def ask(
    client: httpx.AsyncClient, method: str, path: str, headers: dict[str, str]
) -> httpx.Response:
    """Ask for one of ANSWERS; a body may say beforehand how large it is, or not."""

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(70):
            yield b"x" * 1000

    headers = {**headers, "Content-Type": "application/json"}
    if not path.startswith("/large"):
        return await client.request(method, path, headers=headers)
    if path == "/large":
        body = b"x" * 70_000
        return await client.request(method, path, headers=headers, content=body)
    # What records an exchange would read the pieces, and say how large they are.
    transport = client._transport
    async with httpx.AsyncClient(transport=transport, base_url="http://w") as plain:
        return await plain.request(method, path, headers=headers, content=pieces())


# - Each app that `create_app` makes has all of `layers` around it.
async def test_the_first_is_met_first(
    connect: Connect, make: Callable[[], FastAPI], layers: list[Any]
) -> None:
    """All of `layers` stand around an app, and a request meets the first one first."""
    notes: list[str] = []
    layers[:] = probes(notes, "first", "second", "third")
    async with connect(make()) as client:
        try:
            response = await client.get("/v1/rates/DE")
        except RecursionError:
            response = None
    assert response, (
        "Your function calls itself without an end. One that is made in a loop sees "
        "the loop's last `build`: call the original once, and loop inside of it."
    )
    met = [note for note in notes if note.endswith("meets http")]
    wanted = [f"{name} meets http" for name in ("first", "second", "third")]
    assert met == wanted, (
        "`layers` held three layers: first, second, third. A request came, and "
        f"{', '.join(met) or 'none of them was met'}. What is put around last is met "
        "first. Is `stand_layers` in `extensions`?"
    )


# - Every answer passes them, the 500 of a crash and the 413 of a body that is too large
# included.
@pytest.mark.parametrize(("method", "path", "status"), ANSWERS)
async def test_every_answer_passes_them(
    connect: Connect,
    make: Callable[[], FastAPI],
    layers: list[Any],
    method: str,
    path: str,
    status: int,
) -> None:
    """Every answer passes all layers: a 500 and a 413, too."""
    notes: list[str] = []
    layers[:] = probes(notes, "outer", "inner")
    async with connect(make(), raise_app_exceptions=False) as client:
        for _ in range(2):
            notes.clear()
            response = await ask(client, method, path, {})
            assert response.status_code == status, f"{path}: {response.status_code}."
            seen = [note for note in notes if "sees" in note]
            assert seen == [f"inner sees {status}", f"outer sees {status}"], (
                f"{method} {path} was answered {status}. Of two layers, the inner and "
                f"the outer one, {seen or 'none'} noticed that answer. A layer of "
                "`add_middleware` stands inside of what answers a crash."
            )


# So each
# has an id, a line in the log, and can be read by a page that may.
@pytest.mark.parametrize(("method", "path", "status"), ANSWERS)
async def test_every_answer_has_all_of_it(
    connect: Connect,
    make: Callable[[], FastAPI],
    caplog: pytest.LogCaptureFixture,
    method: str,
    path: str,
    status: int,
) -> None:
    """Every answer has an id, a line with that id, and can be read by a page."""
    from waybill.request_log import request_id

    def note_id(record: logging.LogRecord) -> bool:
        return bool(vars(record).update(request_id=request_id.get()) or True)

    caplog.set_level(logging.INFO, logger="waybill")
    caplog.handler.addFilter(note_id)
    sent = {"Origin": SHOP, "X-Request-ID": "shop-17"}
    async with connect(make(), raise_app_exceptions=False) as client:
        response = await ask(client, method, path, sent)
    what = f"{method} {path} was answered {response.status_code}"
    assert response.status_code == status, f"{what} instead of {status}."
    told_by = {"X-Request-ID": "shop-17", "Access-Control-Allow-Origin": SHOP}
    for name, wanted in told_by.items():
        told = response.headers.get(name)
        assert told == wanted, f"{what}, with {name}: {told}; wanted is {wanted}."
    lines = [one for one in caplog.records if one.name == "waybill.requests"]
    said = [one.getMessage() for one in lines]
    assert len(said) == 1, f"{what}, and the log of requests has {said}."
    text = f"{said[0]}: {getattr(lines[0], 'status', '')} in"  # as lesson 22 has it
    assert f": {status} in" in text, f"{what}, and its line is {said[0]!r}."
    found = getattr(lines[0], "request_id", None)
    assert found == "shop-17", (
        f"{what}, and its line was written for the request {found!r}. The layer of the "
        "id has to stand around that of the log."
    )


# - Each function in `layers` is called once for an app, while the app is made:
async def test_each_is_called_once(
    connect: Connect, make: Callable[[], FastAPI], layers: list[Any]
) -> None:
    """Each function is called once for each app, and not for each request."""
    called: list[FastAPI] = []
    notes: list[str] = []

    def probe(app: FastAPI) -> Middleware:
        assert app.state.settings.allowed_origins == [SHOP]
        called.append(app)
        return Middleware(Probe, name="only", notes=notes)

    layers[:] = [probe]
    first, second = make(), make()
    assert called == [first, second], (
        f"Two apps were made, and the one function in `layers` was called "
        f"{len(called)} times. Call it inside `stand_layers`, once, before the app "
        "gets a request."
    )
    for app in (first, second, first):
        async with connect(app) as client:
            await client.get("/health")
    counts = (len(called), notes.count("only is made"), notes.count("only meets http"))
    assert counts == (2, 2, 3), (
        "Two apps answered three requests. Calls of the function, layers made and "
        f"requests met are {counts}; they should be 2, 2 and 3."
    )


# what it refuses stops the
# start.
def test_what_it_refuses_stops_the_start(
    make: Callable[[], FastAPI], layers: list[Any]
) -> None:
    """A function in `layers` that raises stops the start."""
    from waybill.settings import UnsafeSettingsError

    def refuse(_app: FastAPI) -> Middleware:
        raise UnsafeSettingsError("no such origin")

    layers[:] = [refuse]
    try:
        make()
    except UnsafeSettingsError:
        return
    raise AssertionError(
        "A function in `layers` refused the settings, and the app was made all the "
        "same. Call the functions while the app is made, not when it is first asked."
    )


# - The log is written by the `write_log` of `waybill/request_log.py`.
async def test_the_log_has_ids(
    connect: Connect, make: Callable[[], FastAPI], capsys: pytest.CaptureFixture[str]
) -> None:
    """While Waybill serves, its lines are written once, with the id."""
    from waybill.app import resources

    opened = [f"{one.__module__}.{one.__name__}" for one in resources]
    found = [name for name in opened if name.endswith(".write_log")]
    assert found == ["waybill.request_log.write_log"], (
        f"`resources` holds {found}; wanted is waybill/request_log.py's `write_log`."
    )
    logs = [logging.getLogger(), logging.getLogger("waybill")]
    before = [(log.handlers, log.level) for log in logs]
    for log in logs:
        log.handlers = []
    try:
        app = make()
        async with app.router.lifespan_context(app), connect(app) as client:
            capsys.readouterr()
            await client.get("/v1/rates/DE", headers={"X-Request-ID": "shop-17"})
            written = "".join(capsys.readouterr())
    finally:
        for log, (handlers, level) in zip(logs, before, strict=True):
            log.handlers = handlers
            log.setLevel(level)
    lines = [line for line in written.splitlines() if "/v1/rates/" in line]
    assert len(lines) == 1, (  # lesson 22 writes the route in place of the path
        f"Waybill was asked once. Written was {written!r}; one line is wanted."
    )
    assert "shop-17" in lines[0], f"The line {lines[0]!r} has no id."


# - Each app that `create_app` makes has all of `layers` around it.
async def test_the_rest_stays(
    connect: Connect, make: Callable[[], FastAPI], layers: list[Any]
) -> None:
    """Middleware that others add later still works, and so do other scopes."""
    notes: list[str] = []
    layers[:] = probes(notes, "layer")
    app = make()
    app.add_middleware(Probe, name="added", notes=notes)
    async with connect(app) as client:
        await client.get("/health")
    assert "added meets http" in notes, (
        "A middleware was added to the app with `add_middleware`, and never met. Let "
        "the app's own `build_middleware_stack` build what stands inside."
    )
