"""Checks of observability.door: who is answered at the desk, and with what token."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fastapi import FastAPI, HTTPException
from pydantic import SecretStr

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

Connect = Callable[..., httpx.AsyncClient]
Met = Callable[..., Awaitable[str]]
RIGHT = "a token of these checks"
OTHER = "Zwei Jetons für Prometheus"


@pytest.fixture
def met() -> Met:
    """Return what says who met a request: `app` or `desk`."""

    async def met(**scope: object) -> str:
        from waybill.door import DoorMiddleware

        found: list[str] = []

        def named(name: str) -> "ASGIApp":
            async def inside(scope: "Scope", receive: "Receive", send: "Send") -> None:
                same = (scope, receive, send) == (sent, nothing, nothing)
                found.append(name if same else f"a changed request at the {name}")

            return inside

        async def nothing(*_: object) -> Any:  # noqa: ANN401
            return {"type": "http.request"}

        sent = {"type": "http", "method": "GET", "headers": [], **scope}
        await DoorMiddleware(named("app"), named("desk"))(sent, nothing, nothing)
        return " and ".join(found) or "nobody"

    return met


# - HTTP requests for the paths in `WATCHED`, with any method, go to the desk.
# Everything else goes on to the app, WebSockets included.
@pytest.mark.parametrize("path", ["/health", "/ready", "/metrics"])
async def test_watched_paths_go_to_the_desk(met: Met, path: str) -> None:
    """A request for one of `WATCHED` goes to the desk, with any method."""
    for method in ("GET", "HEAD", "POST", "DELETE", "BREW"):
        found = await met(path=path, method=method)
        assert found == "desk", f"{method} {path} was met by {found}, not by the desk."


# - HTTP requests for the paths in `WATCHED`, with any method, go to the desk.
# Everything else goes on to the app, WebSockets included.
async def test_all_others_go_to_the_app(met: Met) -> None:
    """Every other request, and every WebSocket, goes on to the app."""
    others = ("/", "/metrics/", "/metrics/x", "/readyz", "/v1/health", "/HEALTH", "/h")
    for path in (*others, "//metrics", "/docs", "/v1/parcels", "/healthy"):
        found = await met(path=path)
        assert found == "app", f"GET {path} was met by {found}, not by the app."
    for path in ("/health", "/metrics", "/v1/depots/HAM/live"):
        found = await met(type="websocket", path=path)
        assert found == "app", (
            f"A WebSocket for {path} was met by {found}. Only requests go to the desk: "
            "look at the scope's type."
        )
    found = await met(type="lifespan", path="")
    assert found == "app", f"The lifespan was met by {found}, and is the app's."
    sent = {"type": "lifespan"}
    from waybill.door import DoorMiddleware

    passed: list[object] = []

    async def inside(scope: "Scope", _receive: "Receive", _send: "Send") -> None:
        passed.append(scope)

    async def nothing(*_: object) -> Any:  # noqa: ANN401
        return None

    try:
        await DoorMiddleware(inside, inside)(sent, nothing, nothing)
    except KeyError as error:
        raise AssertionError(
            f"A scope of the type `lifespan` has no {error}. Ask for its type first."
        ) from None


def refusal(wanted: str | None, shown: str) -> HTTPException | None:
    """Return how somebody is refused who shows a token, if so."""
    from waybill.door import refuse_strangers

    try:
        refuse_strangers(None if wanted is None else SecretStr(wanted), shown)
    except HTTPException as error:
        return error
    return None


# - Without a token in the settings, `/metrics` is answered 404, whatever is shown.
@pytest.mark.parametrize("shown", ["", "None", RIGHT, "**********"])
def test_without_a_token_there_is_no_page(shown: str) -> None:
    """Where no token is set, everybody is answered 404."""
    found = refusal(None, shown)
    assert found, (
        f"No token is set, and whoever shows {shown!r} may read the metrics. Who "
        "forgets a setting must not publish them."
    )
    assert found.status_code == 404, (
        f"No token is set; {shown!r} was answered {found.status_code}, not 404."
    )


# - Whoever doesn't show exactly that token is answered 401, with
# `WWW-Authenticate: Bearer`, whatever letters were sent.
@pytest.mark.parametrize("wanted", [RIGHT, OTHER])
def test_another_token_is_refused(wanted: str) -> None:
    """Whoever shows another token, or none, is answered 401."""
    near = [wanted.upper(), wanted[:-1], f"{wanted} ", f"{wanted}x", f"x{wanted}"]
    for shown in ("", "**********", "None", f"Bearer {wanted}", "schlüssel", *near):
        try:
            found = refusal(wanted, shown)
        except TypeError as error:
            raise AssertionError(
                f"For {shown!r}, with the token {wanted!r}, a TypeError was raised: "
                f"{error}. `compare_digest` takes bytes of any kind: `text.encode()`."
            ) from None
        assert found, f"The token is {wanted!r}, and {shown!r} opened the door."
        assert found.status_code == 401, (
            f"The token is {wanted!r}; {shown!r} was answered {found.status_code}."
        )
        how = {name.lower(): one for name, one in (found.headers or {}).items()}
        assert how.get("www-authenticate", "").startswith("Bearer"), (
            f"The 401 has the headers {found.headers}. `WWW-Authenticate: Bearer` says "
            "what is wanted."
        )


# - Whoever doesn't show exactly that token is answered 401, with
# `WWW-Authenticate: Bearer`, whatever letters were sent.
@pytest.mark.parametrize("wanted", [RIGHT, OTHER])
def test_the_token_opens(wanted: str) -> None:
    """Whoever shows the token isn't refused."""
    found = refusal(wanted, wanted)
    assert found is None, (
        f"The token is {wanted!r}, and whoever showed it was answered "
        f"{found.status_code if found else ''}. A SecretStr has its text in "
        "`get_secret_value()`."
    )


# - The two are compared in the same time, whatever is shown.
def test_it_is_compared_in_the_same_time() -> None:
    """Texts aren't compared with `==` or `!=`, whose time tells how much is right."""
    compared: list[str] = []

    class Bytes(bytes):
        __hash__ = bytes.__hash__

        def __eq__(self, other: object) -> bool:
            compared.append("==")
            return bytes(self) == other

        def __ne__(self, other: object) -> bool:
            compared.append("!=")
            return bytes(self) != other

    class Text(str):
        __slots__ = ()
        __hash__ = str.__hash__

        def __eq__(self, other: object) -> bool:
            compared.append("==")
            return str(self) == other

        def __ne__(self, other: object) -> bool:
            compared.append("!=")
            return str(self) != other

        def encode(self, *arguments: Any, **options: Any) -> bytes:  # noqa: ANN401
            return Bytes(str(self).encode(*arguments, **options))

    for shown in (RIGHT, "another"):
        refusal(RIGHT, Text(shown))
        assert not compared, (
            f"What was shown was compared with `{compared[0]}`, which stops at the "
            "first letter that differs. Use secrets.compare_digest."
        )


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Callable[[], Any]:  # noqa: ANN401
    """Return what stands `door` around an empty app."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WAYBILL_METRICS_TOKEN", raising=False)

    def app() -> "ASGIApp":
        from waybill.door import door
        from waybill.metrics import Metrics
        from waybill.settings import Settings

        empty = FastAPI()
        empty.state.settings = Settings(environment="development")
        empty.state.metrics = Metrics()
        cls, options, named = door(empty)
        stands: ASGIApp = cls(empty, *options, **named)
        return stands

    return app


# - Without a token in the settings, `/metrics` is answered 404, whatever is shown.
async def test_the_page_itself(
    app: Callable[[], Any], connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page is found with the token from the settings, and not without."""
    shown = {"Authorization": f"Bearer {RIGHT}"}
    async with connect(app()) as client:
        hidden = await client.get("/metrics", headers=shown)
        alive = await client.get("/health")
    monkeypatch.setenv("WAYBILL_METRICS_TOKEN", RIGHT)
    async with connect(app()) as client:
        nobody = await client.get("/metrics")
        page = await client.get("/metrics", headers=shown)
    found = [one.status_code for one in (hidden, alive, nobody, page)]
    assert found == [404, 200, 401, 200], (
        "/metrics without a token in the settings, /health, /metrics with nothing "
        f"shown, and /metrics with the token were answered {found}; 404, 200, 401 and "
        "200 were expected."
    )
    assert "waybill_requests_in_progress" in page.text, f"The page is {page.text!r}."
