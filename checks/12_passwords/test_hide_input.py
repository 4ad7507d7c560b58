"""Checks of passwords.hide_input: a 422 repeats no value that was sent."""

from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any

import httpx
import pytest
from fastapi import FastAPI, Header, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

Connect = Callable[..., httpx.AsyncClient]

SECRET = "hunter2-7f3a"  # noqa: S105
THREE = {"type", "loc", "msg"}


class Key(BaseModel):
    """A body with a secret in it."""

    model_config = ConfigDict(extra="forbid")

    name: str
    secret: SecretStr = Field(min_length=13)


def refuse_odd(high: int) -> int:
    """Refuse an odd number."""
    if high % 2:
        raise ValueError("high must be even")
    return high


class Pair(BaseModel):
    """A body with a rule that is a function."""

    high: Annotated[int, AfterValidator(refuse_odd)]


def add_routes(app: FastAPI) -> None:
    """Give an app routes that take something."""

    @app.post("/keys")
    async def add_key(key: Key) -> None: ...

    @app.post("/pairs")
    async def add_pair(pair: Pair) -> None: ...

    @app.get("/numbers/{number}")
    async def read(
        number: int, size: int = 1, x_depot: Annotated[int, Header()] = 1
    ) -> None: ...

    @app.get("/hinted")
    async def hinted() -> None:
        more = {"input": 7, "hint": "a part that Pydantic doesn't have today"}
        raise RequestValidationError([{"type": "odd", "loc": (), "msg": "No."} | more])

    @app.get("/broken/{what}")
    async def broken(what: str) -> Key:
        if what == "teapot":
            raise HTTPException(418, "I'm a teapot.", {"Retry-After": "240"})
        if what == "refused":
            raise HTTPException(422, "Not today.")
        if what == "inside":
            Key.model_validate({"name": 1, "secret": SECRET})
        return {"name": None, "secret": SECRET}  # type: ignore[return-value]


MISTAKES: list[tuple[str, str, dict[str, Any]]] = [
    ("a body whose `secret` is too short", "/keys", {"name": "a", "secret": SECRET}),
    ("a body without its `name`", "/keys", {"secret": SECRET}),
    ("a body with an unknown field", "/keys", {"name": "a", "secret": 1, "x": SECRET}),
    ("a body that is a text", "/keys", {"": SECRET}),
    ("a path that is no number", f"/numbers/{SECRET}", {}),
    ("a query that is no number", f"/numbers/1?size={SECRET}", {}),
    ("a header that is no number", "/numbers/1", {"x-depot": SECRET}),
    ("a mistake that has a fourth part, `hint`", "/hinted", {}),
]


async def send(
    client: httpx.AsyncClient, path: str, sent: dict[str, Any]
) -> httpx.Response:
    """Send one of the mistakes."""
    if path == "/keys":
        return await client.post(path, json=sent.get("", sent))
    return await client.get(path, headers=sent)


@pytest.fixture
def app() -> FastAPI:
    """An app that has been extended by `hide_input`."""
    from waybill.app import hide_input

    app = FastAPI()
    hide_input(app)
    add_routes(app)
    return app


@pytest.fixture
async def client(connect: Connect, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client that reads a 500 where a server would send one."""
    async with connect(app, raise_app_exceptions=False) as client:
        yield client


@pytest.fixture
async def plain() -> AsyncIterator[httpx.AsyncClient]:
    """A client of the same app as FastAPI makes it."""
    add_routes(app := FastAPI())
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://w") as client:
        yield client


def detail_of(response: httpx.Response, what: str) -> list[dict[str, Any]]:
    """Return the mistakes that a 422 names."""
    status = response.status_code
    raised = "The handler itself raised something." * (status == 500)
    assert status == 422, f"Sent was {what}. The answer was {status}, not 422. {raised}"
    body = response.json()
    detail = body.get("detail") if isinstance(body, dict) else None
    assert isinstance(detail, list), (
        f"Sent was {what}; the 422 says {body}. FastAPI's own has a list in `detail`."
    )
    return detail


# - A mistake keeps FastAPI's `type`, `loc` and `msg` and has nothing else.
@pytest.mark.parametrize(("what", "path", "sent"), MISTAKES)
async def test_a_422_says_what_and_where(
    client: httpx.AsyncClient,
    plain: httpx.AsyncClient,
    what: str,
    path: str,
    sent: dict[str, Any],
) -> None:
    """A 422 names every mistake by FastAPI's type, place (`loc`) and words (`msg`)."""
    wanted = (await send(plain, path, sent)).json()["detail"]
    found = detail_of(await send(client, path, sent), what)
    told = [{name: one.get(name) for name in THREE} for one in found]
    assert told == [{name: one[name] for name in THREE} for one in wanted], (
        f"Sent was {what}. FastAPI says {wanted}; of that, type, loc and msg should "
        f"stay. The answer says {found}."
    )


# - No value that was sent comes back:
@pytest.mark.parametrize(("what", "path", "sent"), MISTAKES)
async def test_what_was_sent_does_not_come_back(
    client: httpx.AsyncClient,
    plain: httpx.AsyncClient,
    what: str,
    path: str,
    sent: dict[str, Any],
) -> None:
    """A 422 does not repeat what was sent, be it in body, path, query or header."""
    response = await send(client, path, sent)
    own = response.text == (await send(plain, path, sent)).text
    advice = "This is FastAPI's own answer: register a handler. " * own
    advice += "`errors()` holds it as `input`; `error.body` is all that was sent."
    told = f"{response.text} {dict(response.headers)}"
    assert SECRET not in told, (
        f"Sent was {what}, and the 422 repeats {SECRET}: {told}. It could be a "
        f"password, and answers end up in logs. {advice}"
    )


# - A validator's `ValueError` is answered 422 too.
async def test_a_validators_error_is_answered(client: httpx.AsyncClient) -> None:
    """A ValueError that a validator raised is answered 422, not 500."""
    response = await client.post("/pairs", json={"high": 7})
    assert response.status_code == 422, (
        "A field validator raised ValueError, and the client was answered "
        f"{response.status_code} instead of 422. `error.errors()` then holds the "
        "exception itself, in `ctx`, and JSON can't say that."
    )
    detail = str(detail_of(response, "what a validator refuses"))
    assert "high must be even" in detail, f"The validator's words are gone: {detail}"


# - A mistake keeps FastAPI's `type`, `loc` and `msg` and has nothing else.
@pytest.mark.parametrize(("what", "path", "sent"), MISTAKES)
async def test_a_mistake_has_three_parts(
    client: httpx.AsyncClient, what: str, path: str, sent: dict[str, Any]
) -> None:
    """A mistake has type, loc and msg, a 422 has `detail`, and there is no more."""
    response = await send(client, path, sent)
    for one in detail_of(response, what):
        assert set(one) == THREE, (
            f"Sent was {what}, and a mistake in the 422 has the parts {sorted(one)}. "
            "Pick what may leave, type, loc and msg: what you leave out by name comes "
            "back when Pydantic adds a part."
        )
    assert set(response.json()) == {"detail"}, (
        f"Sent was {what}, and the 422 has {sorted(response.json())}; `detail` alone "
        "was expected."
    )


# - A body that isn't JSON is answered 422.
async def test_a_broken_body_is_answered(
    client: httpx.AsyncClient, plain: httpx.AsyncClient
) -> None:
    """A body that is no JSON is answered 422."""
    half = f'{{"secret": "{SECRET}'
    json = {"content-type": "application/json"}
    response = await client.post("/keys", content=half, headers=json)
    (wanted,) = (await plain.post("/keys", content=half, headers=json)).json()["detail"]
    (found,) = detail_of(response, "half of a body")
    assert found.get("loc") == wanted["loc"], (
        f"Half of a body was sent. FastAPI says where it broke off, {wanted['loc']}; "
        f"yours says {found.get('loc')}. Leave `loc` as it is: numbers, too."
    )
    assert SECRET not in response.text, f"Half of a body was sent back: {response.text}"


# - Waybill's own errors stay a 500, and an `HTTPException` stays what it is.
@pytest.mark.parametrize(
    ("path", "status", "what"),
    [
        ("teapot", 418, "An HTTPException with 418 was raised"),
        ("refused", 422, "An HTTPException with 422 was raised"),
        ("inside", 500, "A route built a model from wrong data of its own"),
        ("answer", 500, "A route returned what its response model refuses"),
    ],
)
async def test_other_errors_stay(
    client: httpx.AsyncClient, path: str, status: int, what: str
) -> None:
    """Waybill's own mistakes stay a 500, and every HTTPException what it is."""
    response = await client.get(f"/broken/{path}")
    assert response.status_code == status, (
        f"{what}, and the answer was {response.status_code} instead of {status}. Only "
        "RequestValidationError is about the request: the rest is no client's mistake."
    )
    told = f"{what}, and the answer was {response.text}"
    assert SECRET not in response.text, told
    assert path != "refused" or response.json() == {"detail": "Not today."}, told
    found = response.headers.get("Retry-After", "240" * (path != "teapot"))
    assert found == "240", (
        f"{what} and `Retry-After: 240`, and the answer's header is {found!r}. "
        "FastAPI answers an HTTPException by itself: leave that to it."
    )


# - Every app that `create_app` makes answers like this.
async def test_every_waybill_has_it(
    connect: Connect, monkeypatch: pytest.MonkeyPatch, leak: Callable[[FastAPI], None]
) -> None:
    """Every app that `create_app` makes answers so, whoever else answers a 422."""
    from sqlalchemy.ext.asyncio import async_sessionmaker

    from waybill import problems
    from waybill.app import create_app
    from waybill.settings import Settings

    monkeypatch.setattr(problems, "answers", [leak])
    app = create_app(Settings(environment="development"))
    app.state.sessions = async_sessionmaker()  # bound to nothing, and never asked
    async with connect(app, raise_app_exceptions=False) as client:
        for path, sent in (
            ("/v1/accounts", {"password": SECRET}),
            ("/v1/rates/price", {"parcel": SECRET}),
            ("/v1/rates/price", {"parcel": {"weight_g": SECRET}}),
        ):
            response = await client.post(path, json=sent)
            detail_of(response, f"{sent} to {path}")
            assert SECRET not in response.text, (
                f"A Waybill whose handler repeats what it is given was sent {sent}, "
                "and the 422 repeats it. Is `hide_input` appended?"
            )


# - The handler that the app had before makes the answer, be it a `def` or an `async
# def`.
@pytest.mark.parametrize("kind", ["a def", "an async def"])
async def test_the_handler_before_answers(connect: Connect, kind: str) -> None:
    """The handler that the app had before makes the answer, in its own shape."""
    from waybill.app import hide_input

    def words(_request: Request, error: RequestValidationError) -> JSONResponse:
        return JSONResponse([one["msg"] for one in error.errors()], 422, {"X-By": "me"})

    async def later(request: Request, error: RequestValidationError) -> JSONResponse:
        return words(request, error)

    kinds = {"a def": words, "an async def": later}
    add_routes(app := FastAPI(exception_handlers={RequestValidationError: kinds[kind]}))
    hide_input(app)
    async with connect(app, raise_app_exceptions=False) as client:
        response = await client.post("/keys", json={"name": "a"})
    found = (response.status_code, response.text, response.headers.get("X-By"))
    assert found == (422, '["Field required"]', "me"), (
        f"An app had {kind} that answers with a list of words and the header X-By; now "
        f"the answer is {found}. Call it, and return what comes of it."
    )
