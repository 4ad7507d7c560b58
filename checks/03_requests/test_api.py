"""Checks of the kata requests.api."""

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from pydantic import BaseModel, ValidationError

Connect = Callable[..., httpx.AsyncClient]


@pytest.fixture
def app() -> FastAPI:
    """An app with all that `waybill.api` brings together."""
    from waybill.api import api

    app = FastAPI()
    app.include_router(api)
    return app


@pytest.fixture
async def client(connect: Connect, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the app."""
    async with connect(app) as client:
        yield client


def operations(app: FastAPI) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each operation of the rates, with what the docs say about it."""
    found = 0
    for path, methods in app.openapi()["paths"].items():
        for method, operation in methods.items() if "/rates" in path else ():
            found += 1
            yield f"{method.upper()} {path}", operation
    assert found, "The docs list no rates. Include rates.router in `api`."


def documented(app: FastAPI, answer: dict[str, Any]) -> dict[str, Any]:
    """Return the schema that the docs promise for one answer, its model resolved."""
    schema: dict[str, Any] = (
        answer.get("content", {}).get("application/json", {}).get("schema", {})
    )
    name = schema.get("$ref", "").rpartition("/")[2]
    models = app.openapi().get("components", {}).get("schemas", {})
    found: dict[str, Any] = models.get(name, schema)
    return found


def read_as(model: type[BaseModel], sent: object) -> tuple[object, str]:
    """Return what a model keeps of an answer, or else what it has against it."""
    try:
        return model.model_validate(sent).model_dump(), ""
    except ValidationError as error:
        return None, str(error.errors(include_url=False)[0]["msg"])


# - Every route of `rates.router` is part of `api`:
async def test_rates_answer_below_the_version(client: httpx.AsyncClient) -> None:
    """Every route of the rates answers below `/v1`."""
    for path in ("/v1/rates/NL", "/v1/rates", "/v1/rates?limit=2"):
        response = await client.get(path)
        assert response.status_code == 200, (
            f"GET {path} was answered {response.status_code} instead of 200. Does "
            f"`api` include rates.router, and is /v1 the only prefix in front of it?"
        )
    response = await client.post("/v1/rates/price", json={})
    assert response.status_code == 422, (
        f"POST /v1/rates/price without a parcel was answered {response.status_code} "
        f"instead of 422. Include rates.router as a whole."
    )


# - Every route of `rates.router` is part of `api`:
async def test_nothing_answers_without_a_version(client: httpx.AsyncClient) -> None:
    """Without the version, the paths of `api` answer 404."""
    for path in ("/rates/NL", "/rates", "/v1/v1/rates"):
        response = await client.get(path)
        assert response.status_code == 404, (
            f"The check put `api` into an app of its own. GET {path} was answered "
            f"{response.status_code} there instead of 404. Include rates.router once, "
            f"below /v1: a client that may leave the version out will do so."
        )


# - `api` is an `APIRouter` that itself has the prefix `/v1`,
def test_the_version_belongs_to_api() -> None:
    """`api` has the prefix itself, so later routers stand below `/v1`, too."""
    from waybill.api import api

    assert isinstance(api, APIRouter), (
        f"`api` should be an APIRouter; yours is {api!r}."
    )
    assert api.prefix == "/v1", (
        f"The prefix of `api` is {api.prefix!r}. Rates alone may be right now, but "
        f"parcels join `api` later: write the version where `api` is made."
    )


# - `NOT_FOUND` documents a 404 with a `Problem`, and no other status.
def test_not_found_names_the_model() -> None:
    """In `NOT_FOUND`, a model stands under the key `model`."""
    from waybill.api import NOT_FOUND

    for answer in NOT_FOUND.values():
        keys = [key for key, value in answer.items() if isinstance(value, type)]
        assert keys in ([], ["model"]), (
            f"In NOT_FOUND, the model stands under the key {keys[0]!r}. FastAPI looks "
            "for it under 'model': {404: {'model': Problem}}."
        )


# - In the docs, each of these operations has one tag, `rates`.
def test_rates_have_their_tag(app: FastAPI) -> None:
    """In the docs, each operation of the rates has one tag, `rates`."""
    from waybill.api import api

    for name, operation in operations(app):
        tags = operation.get("tags", [])
        assert tags == ["rates"], (
            f"In the docs, {name} has the tags {tags}; wanted is ['rates']. Say it "
            f"once, with tags= in include_router."
        )
    assert not api.tags, (
        f"`api` itself has the tags {api.tags}, and would hand them to every router "
        f"that joins later. Give the tag to the rates."
    )


# - In the docs, all operations of the rates have that 404,
def test_the_docs_know_the_404(app: FastAPI) -> None:
    """In the docs, all operations of the rates may answer 404, with a `Problem`."""
    for name, operation in operations(app):
        answers = operation["responses"]
        assert "404" in answers, (
            f"In the docs, {name} answers {sorted(answers)}; the 404 that find_rate "
            f"raises should be among them, as 404. FastAPI doesn't see what you raise: "
            f"pass responses=NOT_FOUND to include_router."
        )
        fields = documented(app, answers["404"]).get("properties", {})
        assert set(fields) == {"detail"}, (
            f"In the docs, the 404 of {name} has the fields {sorted(fields)}; wanted "
            f"is the model Problem with its one field, detail: {{404: {{'model': "
            f"Problem}}}}."
        )
        assert fields["detail"].get("type") == "string", (
            f"In the docs, the `detail` of a Problem is {fields['detail']}; wanted is "
            f"a text, as your 404 sends it."
        )


# - `Problem` describes what a client gets with a 404:
async def test_a_real_404_is_a_problem(client: httpx.AsyncClient) -> None:
    """What a client gets with a 404 is a `Problem`, as the docs promise."""
    from waybill.api import Problem

    sent = (await client.get("/v1/rates/JP")).json()
    read, mistake = read_as(Problem, sent)
    assert read == sent, (
        f"The 404 was {sent}, and Problem makes of it: {mistake or read}. Let the "
        f"model say what is really sent."
    )
    read, mistake = read_as(Problem, {})
    assert mistake, (
        f"An answer without a detail is read as {read}, so the docs call the detail "
        f"optional. Every problem has one: leave the default out."
    )


# - In the docs, all operations of the rates have that 404,
def test_the_docs_keep_the_422(app: FastAPI) -> None:
    """The 422 that FastAPI documents stays as it is."""
    for name, operation in operations(app):
        answers = operation["responses"]
        assert "422" in answers, (
            f"In the docs, {name} answers {sorted(answers)}, and the 422 is gone. "
            f"FastAPI leaves it out when '4XX' or 'default' is documented: write 404."
        )
        detail = documented(app, answers["422"]).get("properties", {}).get("detail", {})
        assert detail.get("type") == "array", (
            f"In the docs, the 422 of {name} promises a detail like {detail}, but "
            f"FastAPI sends a list of mistakes. Document only 404."
        )


# - `NOT_FOUND` documents a 404 with a `Problem`, and no other status.
def test_other_routers_can_use_not_found() -> None:
    """`NOT_FOUND` documents a 404 with a `Problem`, and nothing else."""
    from waybill.api import NOT_FOUND

    app = FastAPI()

    @app.get("/depots", responses=NOT_FOUND)
    async def depots() -> None: ...

    answers = app.openapi()["paths"]["/depots"]["get"]["responses"]
    assert set(answers) == {"200", "404"}, (
        f"An operation with responses=NOT_FOUND documents {sorted(answers)}; wanted "
        f"are 200 and 404. Put {{404: {{'model': Problem}}}} into NOT_FOUND, and pass "
        f"NOT_FOUND to include_router."
    )
    fields = documented(app, answers["404"]).get("properties", {})
    assert set(fields) == {"detail"}, (
        f"An operation with responses=NOT_FOUND documents a 404 with the fields "
        f"{sorted(fields)}; wanted is the model Problem, under the key 'model'."
    )
