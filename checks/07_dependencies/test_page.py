"""Checks of dependencies.page: what a list may be asked for."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

Connect = Callable[..., httpx.AsyncClient]

LARGEST = 2**63 - 1


@pytest.fixture
def app() -> FastAPI:
    """An app with one route, which answers with the page it was given."""
    from waybill.dependencies import Page, PageQuery

    app = FastAPI()
    given = app.state.given = []

    async def some_list(page: PageQuery) -> dict[str, Any]:
        assert isinstance(page, Page), (
            f"The route asked for a PageQuery and was given {page!r}. "
            "It should be a Page."
        )
        given.append(page)
        return {"limit": page.limit, "after": page.after}

    try:
        app.get("/things")(some_list)
    except AssertionError as error:
        reason = (
            "it can't tell from which part of a request the values come. Pydantic's "
            "`Field` as a default sets bounds, and names no such part. In a Pydantic "
            "model `Field` is at home; the alias then says where all its fields come "
            "from."
            if "non-body" in str(error)
            else f"“{str(error).rstrip('.')}”."
        )
        raise AssertionError(
            "A route asks for `page: PageQuery`, and FastAPI refuses the route before "
            f"anybody calls it: {reason}"
        ) from None
    return app


@pytest.fixture
async def client(connect: Connect, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the app."""
    async with connect(app) as client:
        yield client


async def ask(client: httpx.AsyncClient, **query: int) -> dict[str, int]:
    """Ask for a page that is allowed; return what the route was given."""
    response = await client.get("/things", params=query)
    advice = (
        " It looks for a request body: where does the alias say that the fields stand "
        "in the query string?"
        if '"body"' in response.text
        else ""
    )
    assert response.status_code == 200, (
        f"GET {response.request.url.raw_path.decode()} is within the bounds, and was "
        f"answered {response.status_code}: {response.text}.{advice}"
    )
    page: dict[str, int] = response.json()
    return page


async def refuse(client: httpx.AsyncClient, name: str, number: object) -> None:
    """Assert that a number is answered 422, and that the 422 names the parameter."""
    response = await client.get("/things", params={name: number})
    assert response.status_code == 422, (
        f"`{name}={number}` was answered {response.status_code}: {response.text}. It "
        f"lies outside the bounds, so the client should learn that, with a 422."
    )
    named = {one["loc"][-1] for one in response.json()["detail"]}
    assert named == {name}, (
        f"`{name}={number}` was answered 422, and the 422 names {sorted(named)}. Let "
        f"`{name}` itself have the bounds."
    )


# - A route that asks for `page: PageQuery` gets a `Page`, filled from the query string.
@pytest.mark.parametrize(
    ("limit", "after"), [(2, 40), (7, 3), (55, 4_000_000_000), (33, 12)]
)
async def test_a_route_gets_a_page(
    client: httpx.AsyncClient, limit: int, after: int
) -> None:
    """A route that asks for `PageQuery` gets a `Page`, filled from the query string."""
    page = await ask(client, limit=limit, after=after)
    assert page == {"limit": limit, "after": after}, (
        f"?limit={limit}&after={after} reached the route as {page}."
    )


# - `limit` is a whole number from 1 to 100, and 20 if it is left out.
async def test_what_is_left_out_has_a_default(client: httpx.AsyncClient) -> None:
    """Left out, `limit` is 20 and `after` is 0."""
    for sent in ({}, {"after": 5}, {"limit": 7}):
        page = await ask(client, **sent)
        wanted = {"limit": 20, "after": 0} | sent
        assert page == wanted, (
            f"Asked with {sent or 'no query string'}, the route was given {page}; it "
            f"should be {wanted}. Each of the two has its own default."
        )


async def test_the_limit_has_bounds(client: httpx.AsyncClient) -> None:
    """A limit is a whole number from 1 to 100; any other is answered 422."""
    for limit in (1, 100):
        page = await ask(client, limit=limit)
        assert page["limit"] == limit, (
            f"?limit={limit} is allowed, and reached the route as {page['limit']}."
        )
    for number in (0, -1, 101, 1_000_000, 2.5, "all", ""):
        await refuse(client, "limit", number)


# - `after` is that id:
async def test_after_has_bounds(client: httpx.AsyncClient) -> None:
    """`after` is a whole number from 0 to 2**63 - 1; any other is answered 422."""
    for after in (0, LARGEST):
        page = await ask(client, after=after)
        assert page["after"] == after, (
            f"?after={after} is allowed, and reached the route as {page['after']}."
        )
    for number in (-1, LARGEST + 1, 40.5, "last", ""):
        await refuse(client, "after", number)


# - The docs show both parameters with their bounds.
@pytest.mark.parametrize(
    ("name", "low", "high"), [("limit", 1, 100), ("after", 0, LARGEST)]
)
async def test_the_docs_show_the_bounds(
    client: httpx.AsyncClient, name: str, low: int, high: int
) -> None:
    """The docs show both as query parameters with their bounds."""
    response = await client.get("/openapi.json")
    operation = response.json()["paths"]["/things"]["get"]
    shown = {
        one["name"]: one
        for one in operation.get("parameters", [])
        if one["in"] == "query"
    }
    assert name in shown, (
        "The docs of a route with a PageQuery show the query parameters "
        f"{sorted(shown)}, without `{name}`. Declare it where FastAPI reads it."
    )
    schema = shown[name]["schema"]
    bounds = (
        schema.get("minimum", schema.get("exclusiveMinimum", -2) + 1),
        schema.get("maximum", schema.get("exclusiveMaximum", -2) - 1),
    )
    assert bounds == (low, high), (
        f"`{name}` is {low} to {high}, and the docs say only {schema}. A limit that is "
        "data, such as ge= and le=, shows up there; code in a function doesn't."
    )


# - A route that asks for `page: PageQuery` gets a `Page`, filled from the query string.
async def test_each_request_has_its_own_page(
    client: httpx.AsyncClient, app: FastAPI
) -> None:
    """Each request gets a `Page` of its own."""
    await ask(client, limit=2, after=40)
    await ask(client, limit=7, after=9)
    seen = [(page.limit, page.after) for page in app.state.given]
    assert seen == [(2, 40), (7, 9)], (
        "A route was asked with ?limit=2&after=40, then with ?limit=7&after=9. After "
        f"that, the two pages that it was given hold {seen} as limit and after. Routes "
        "are asked at the same time: a Page that they share belongs to whoever came "
        "last. Make one for each request."
    )
