"""Checks of errors.document: docs that say how errors look."""

from collections.abc import Callable
from typing import Annotated, Any

import httpx
from fastapi import FastAPI, Query
from pydantic import BaseModel

Connect = Callable[..., httpx.AsyncClient]
Docs = dict[str, Any]

KIND = "application/problem+json"
CONTENT = {KIND: {"schema": {"$ref": "#/components/schemas/Problem"}}}
ROUTES = {"/films": {"get", "post"}, "/films/{number}": {"get"}, "/seats": {"delete"}}


class Film(BaseModel):
    """A body and an answer."""

    title: str
    year: int


class Refusal(BaseModel):
    """What somebody else called a refusal."""

    detail: str


class Given(BaseModel):
    """What the starting code has as `Problem`."""

    title: str
    status: int
    detail: str
    errors: list[dict[str, object]] = []
    instance: str = ""


MANY: dict[int | str, Any] = {
    "429": {"description": "Too often"},
    "5XX": {"description": "Down", "model": Refusal},
}


def add_routes(app: FastAPI) -> None:
    """Give an app routes whose docs name responses of many kinds."""

    @app.get(
        "/films/{number}", responses={404: {"model": Refusal}, 400: {"model": Film}}
    )
    async def film(number: int) -> Film:
        return Film(title="Playtime", year=1967 + number)

    @app.get("/films", responses=MANY)
    async def films(limit: Annotated[int, Query(le=9)] = 1) -> list[Film]: ...

    @app.post("/films", status_code=201, responses={409: {"model": Refusal}})
    async def add_film(film: Film) -> Film: ...

    @app.delete(
        "/seats",
        status_code=204,
        responses={304: {"description": "The same"}, 503: {"model": Refusal}},
    )
    async def delete_seat() -> None: ...


def plain() -> Docs:
    """Return what FastAPI says of these routes."""
    app = FastAPI()
    add_routes(app)
    return app.openapi()


PLAIN = plain()
"""Asked before any answer runs: one may change all apps, and this one with them."""


async def described(connect: Connect, app: FastAPI) -> Docs:
    """Return an app's docs, as a client gets them."""
    async with connect(app) as client:
        response = await client.get("/openapi.json")
    docs: Docs = response.json()
    return docs


def responses(docs: Docs) -> list[tuple[str, Docs]]:
    """Return the responses of each route, by its name."""
    assert {path: {*methods} for path, methods in docs["paths"].items()} == ROUTES, (
        f"The docs know {docs['paths'].keys()}; the app has {ROUTES.keys()}. Ask for "
        "them when somebody asks you, not before: routes are added later."
    )
    return [
        (f"{method.upper()} {path}", operation["responses"])
        for path, methods in docs["paths"].items()
        for method, operation in methods.items()
    ]


# - Each response from 400 on has one `content`:
async def test_errors_are_problems(
    connect: Connect, taught: Callable[[str], FastAPI]
) -> None:
    """Each response from 400 on is `application/problem+json`, and a `Problem`."""
    app = taught("document_problems")
    add_routes(app)
    wanted = dict(responses(PLAIN))
    for route, found in responses(await described(connect, app)):
        for status in wanted[route]:
            if status >= "400":
                content = found.get(status, {}).get("content")
                assert content == CONTENT, (
                    f"In the docs, {route} answers a {status} with {content}. It "
                    f"should be {CONTENT}."
                )


# - Each route also has a `default` response with that content and a description.
async def test_default(connect: Connect, taught: Callable[[str], FastAPI]) -> None:
    """Each route has a `default` response with that content and a description."""
    app = taught("document_problems")
    add_routes(app)
    for route, found in responses(await described(connect, app)):
        default = found.get("default")
        assert default is not None, (
            f"In the docs, {route} has the responses {[*found]}, and no default."
        )
        assert default.get("content") == CONTENT, (
            f"In the docs, the default of {route} is {default}; its content should be "
            f"{CONTENT}."
        )
        text = default.get("description")
        assert isinstance(text, str), f"The default of {route} is {default}."
        assert text.strip(), f"The default of {route} has an empty description."


# - The schema `Problem` in `components` is that of the model.
async def test_the_schema(connect: Connect, taught: Callable[[str], FastAPI]) -> None:
    """The schema `Problem` is the model's; without any other model it is there, too."""
    from waybill.problems import Problem

    wanted, given = Problem.model_json_schema(), Given.model_json_schema()
    for part in ("properties", "required"):
        assert wanted.get(part) == given[part], (
            f"The schema of Problem has the {part} {wanted.get(part)}; the model was "
            f"given with {given[part]}."
        )
    full, bare = taught("document_problems"), taught("document_problems")
    add_routes(full)

    @bare.get("/seats")
    async def seats() -> str:
        return "7F"

    for app in (full, bare):
        schemas = (await described(connect, app)).get("components", {}).get("schemas")
        found = (schemas or {}).get("Problem")
        assert found == wanted, (
            f"In the docs, the schema Problem is {found}; it should be {wanted}."
        )


# - Routes that are added later are described as well.
async def test_later_routes(connect: Connect, taught: Callable[[str], FastAPI]) -> None:
    """Routes that are added later are described, and a second look says the same."""
    app = taught("document_problems")
    add_routes(app)
    first = await described(connect, app)
    second = await described(connect, app)
    responses(first)
    assert first == second, "The docs were asked for twice, and the second differ."
    assert app.openapi() == first, "`app.openapi()` differs from /openapi.json."


# - What the docs say besides, of a 200 for example, stays as it is.
async def test_the_rest_stays(
    connect: Connect, taught: Callable[[str], FastAPI]
) -> None:
    """What the docs say besides stays as it is, and so does another app."""
    app, other = taught("document_problems"), FastAPI()
    add_routes(app)
    add_routes(other)
    found, wanted = await described(connect, app), PLAIN
    for path, methods in wanted["paths"].items():
        for method, operation in methods.items():
            now = found["paths"][path][method]
            for name in operation:
                if name != "responses":
                    assert now.get(name) == operation[name], (
                        f"In the docs, {name} of {method.upper()} {path} was "
                        f"{operation[name]}, and is {now.get(name)}."
                    )
            for status, response in operation["responses"].items():
                have = now["responses"].get(status)
                if status < "400":
                    assert have == response, (
                        f"In the docs, the {status} of {method.upper()} {path} was "
                        f"{response}, and is {have}."
                    )
                else:
                    text = (have or {}).get("description")
                    assert text == response["description"], (
                        f"The {status} of {method.upper()} {path} was described as "
                        f"{response['description']!r}, and is {text!r}."
                    )
    schemas = found.get("components", {}).get("schemas", {})
    for name, schema in wanted["components"]["schemas"].items():
        assert schemas.get(name) == schema, (
            f"In the docs, the schema {name} was {schema}, and is {schemas.get(name)}."
        )
    assert found.get("info") == wanted["info"], f"`info` is {found.get('info')}."
    assert other.openapi() == wanted, "Another app's docs have changed."
