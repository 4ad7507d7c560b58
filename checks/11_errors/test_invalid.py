"""Checks of errors.invalid: a 422 that is sent, and repeats nothing."""

from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any

import httpx
import pytest
from fastapi import FastAPI, Header, HTTPException
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

Connect = Callable[..., httpx.AsyncClient]
Read = Callable[..., dict[str, Any]]

SECRET = "hunter2-7f3a"  # noqa: S105
THREE = ("loc", "msg", "type")


class Key(BaseModel):
    """A body with a secret in it."""

    model_config = ConfigDict(extra="forbid")

    name: str
    secret: SecretStr = Field(min_length=13)


class Pair(BaseModel):
    """A body with a rule that is a function."""

    low: int
    high: int

    @field_validator("high")
    @classmethod
    def refuse_odd(cls, high: int) -> int:
        """Refuse an odd number."""
        if high % 2:
            raise ValueError("high must be even")
        return high


def add_routes(app: FastAPI) -> None:
    """Give an app routes that take something."""

    @app.post("/keys")
    async def add_key(key: Key) -> None: ...

    @app.post("/pairs")
    async def add_pairs(pairs: list[Pair]) -> None: ...

    @app.get("/numbers/{number}")
    async def read(
        number: int, size: int = 1, x_depot: Annotated[int, Header()] = 1
    ) -> None: ...

    @app.get("/broken/{what}")
    async def broken(what: str) -> Key:
        if what == "teapot":
            raise HTTPException(418, "I'm a teapot.", {"Retry-After": "240"})
        if what == "refused":
            raise HTTPException(422, "Not today.")
        if what == "inside":
            Key.model_validate({"name": 1, "secret": SECRET})
        return {"name": None, "secret": SECRET}  # type: ignore[return-value]


MISTAKES: list[tuple[str, str, Any]] = [
    ("a body whose `secret` is too short", "/keys", {"name": "a", "secret": SECRET}),
    ("a body without its `name`", "/keys", {"secret": SECRET}),
    ("a body with an unknown field", "/keys", {"name": "a", "secret": 1, "x": SECRET}),
    ("a body that is a text", "/keys", SECRET),
    ("a list with mistakes", "/pairs", [{"low": 1, "high": 2}, {"low": SECRET}]),
    ("a path that is no number", f"/numbers/{SECRET}", {}),
    ("a query that is no number", f"/numbers/1?size={SECRET}", {}),
    ("a header that is no number", "/numbers/1", {"x-depot": SECRET}),
]


async def send(client: httpx.AsyncClient, path: str, sent: Any) -> httpx.Response:  # noqa: ANN401
    """Send one of the mistakes."""
    if path.startswith("/numbers"):
        return await client.get(path, headers=sent)
    return await client.post(path, json=sent)


NOTED = {"type": "odd", "loc": ("body", 3), "msg": "No.", "note": SECRET}
"""A mistake with a part that Pydantic doesn't have today."""
EVEN = {"type": "even", "loc": ("body", 3), "msg": "No, again."}
"""Another one at the same place."""


@pytest.fixture
def app(taught: Callable[[str], FastAPI]) -> FastAPI:
    """An app that `answer_invalid` has taught, with routes that take something."""
    app = taught("answer_invalid")
    add_routes(app)

    @app.get("/noted")
    async def noted() -> None:
        raise RequestValidationError([NOTED, EVEN], body={"note": SECRET})

    return app


@pytest.fixture
async def client(connect: Connect, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client that reads a 500 where a server would send one."""
    async with connect(app, raise_app_exceptions=False) as client:
        yield client


@pytest.fixture
async def plain() -> AsyncIterator[httpx.AsyncClient]:
    """A client of the same app as FastAPI makes it."""
    app = FastAPI()
    add_routes(app)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://w") as client:
        yield client


# - A request that doesn't fit is answered with a problem:
@pytest.mark.parametrize(("what", "path", "sent"), MISTAKES)
async def test_it_is_a_problem(
    client: httpx.AsyncClient,
    read: Read,
    what: str,
    path: str,
    sent: Any,  # noqa: ANN401
) -> None:
    """A request that doesn't fit is answered 422, with a problem."""
    body = read(await send(client, path, sent), 422, f"Sent was {what}. It")
    assert set(body) == {"title", "status", "detail", "errors"}, (
        f"Sent was {what}, and the 422 has the members {sorted(body)}; wanted are "
        "title, status, detail and errors."
    )


# - Its `errors` is a list with an entry for each mistake.
@pytest.mark.parametrize(("what", "path", "sent"), MISTAKES)
async def test_each_mistake_is_named(
    client: httpx.AsyncClient,
    plain: httpx.AsyncClient,
    what: str,
    path: str,
    sent: Any,  # noqa: ANN401
) -> None:
    """`errors` has an entry for each mistake: loc, msg and type, and nothing else."""
    usual = (await send(plain, path, sent)).json()["detail"]
    wanted = [{name: one[name] for name in THREE} for one in usual]
    response = await send(client, path, sent)
    found = errors_of(response, what)
    assert found == wanted, (
        f"Sent was {what}. FastAPI knows {usual}; of that, loc, msg and type should "
        f"stand in `errors`. The answer has {found}."
    )


def errors_of(response: httpx.Response, what: str) -> Any:  # noqa: ANN401
    """Return the `errors` of an answer."""
    status = response.status_code
    assert status == 422, (
        f"Sent was {what}, and the answer was {status} instead of 422. "
        f"{'The handler itself raised something.' if status == 500 else ''}"
    )
    return response.json().get("errors")


# - Its `errors` is a list with an entry for each mistake.
async def test_new_parts_stay_inside(client: httpx.AsyncClient) -> None:
    """A part that errors() may have tomorrow stays inside."""
    response = await client.get("/noted")
    found = errors_of(response, "two mistakes at one place, the first with a `note`")
    wanted = [{name: one[name] for name in THREE} for one in (NOTED, EVEN)]
    assert found == [one | {"loc": ["body", 3]} for one in wanted], (
        f"`error.errors()` was {[NOTED, EVEN]}, and the 422 has {found}. There is an "
        "entry for each, and you name the three parts of it that may leave: a list of "
        "what stays is one short one day."
    )


# - A validator's `ValueError` is answered 422 too.
async def test_a_validators_error_is_answered(client: httpx.AsyncClient) -> None:
    """A ValueError that a validator raised is answered 422, not 500."""
    response = await client.post("/pairs", json=[{"low": 1, "high": 7}])
    assert response.status_code == 422, (
        "A field validator raised ValueError, and the client was answered "
        f"{response.status_code} instead of 422. `error.errors()` then holds the "
        "exception itself, in `ctx`, and JSON can't say that."
    )
    found = errors_of(response, "a number that a validator refuses")
    assert found[0].get("msg") == "Value error, high must be even", (
        f"A validator said “high must be even”, and FastAPI calls it a value error. "
        f"The 422 says {found}. Leave `msg` as FastAPI has it."
    )
    assert found[0].get("loc") == ["body", 0, "high"], (
        f"`loc` is {found[0].get('loc')}; leave it as FastAPI has it, with its numbers."
    )


# - What was sent is not in the answer, be it in the body, the path, the query or a
# header.
@pytest.mark.parametrize(("what", "path", "sent"), MISTAKES)
async def test_what_was_sent_does_not_come_back(
    client: httpx.AsyncClient,
    what: str,
    path: str,
    sent: Any,  # noqa: ANN401
) -> None:
    """A 422 does not repeat what was sent, wherever it stood."""
    response = await send(client, path, sent)
    told = f"{response.text} {dict(response.headers)}"
    assert SECRET not in told, (
        f"Sent was {what}, and the 422 repeats {SECRET}: {told}. It could be a "
        "password. `error.errors()` holds it as `input`, and so do `str(error)` and "
        "`error.body`."
    )


# - What was sent is not in the answer, be it in the body, the path, the query or a
# header.
async def test_a_broken_body_does_not_come_back(
    client: httpx.AsyncClient, read: Read
) -> None:
    """Half of a body is answered 422, and does not come back."""
    half = f'{{"secret": "{SECRET}'
    json = {"content-type": "application/json"}
    response = await client.post("/keys", content=half, headers=json)
    read(response, 422, "Half of a body")
    assert SECRET not in response.text, f"Half of a body came back: {response.text}"


# - Other exceptions are not answered here.
@pytest.mark.parametrize(
    ("path", "status", "what"),
    [
        ("teapot", 418, "An HTTPException with 418 was raised"),
        ("refused", 422, "An HTTPException with 422 was raised"),
        ("inside", 500, "A route built a model from wrong data of its own"),
        ("answer", 500, "A route returned what its response model refuses"),
    ],
)
async def test_other_exceptions_stay(
    client: httpx.AsyncClient, path: str, status: int, what: str
) -> None:
    """Waybill's own mistakes stay a 500, and every HTTPException what it is."""
    response = await client.get(f"/broken/{path}")
    assert response.status_code == status, (
        f"{what}, and the answer was {response.status_code} instead of {status}. The "
        "client can't repair what it didn't send: only RequestValidationError is about "
        "the request."
    )
    assert SECRET not in response.text, f"{what}, and the answer was {response.text}"
    assert status != 500 or response.text == "Internal Server Error", (
        f"{what}, and the answer was {response.text}. A crash is for a later kata."
    )
    if path == "refused":
        assert response.json() == {"detail": "Not today."}, (
            f"{what}, and the answer was {response.text}. It isn't for this handler."
        )


# - Its `errors` is a list with an entry for each mistake.
async def test_a_route_of_waybill(
    connect: Connect, read: Read, taught: Callable[[str], FastAPI]
) -> None:
    """POST /v1/rates/price with an empty parcel names what is missing."""
    from waybill import rates

    app = taught("answer_invalid")
    app.include_router(rates.router, prefix="/v1")
    async with connect(app, raise_app_exceptions=False) as client:
        response = await client.post("/v1/rates/price", json={"parcel": {}})
    what = 'POST /v1/rates/price with {"parcel": {}}'
    errors = read(response, 422, what).get("errors")
    first = {
        "loc": ["body", "parcel", "to"],
        "msg": "Field required",
        "type": "missing",
    }
    assert isinstance(errors, list), f"{what} was answered {response.text}"
    assert first in errors, f"{what} should name {first}, and names {errors}."
