"""Checks of the kata first_endpoint.visit."""

from collections.abc import Callable

import httpx
import pytest

Connect = Callable[..., httpx.AsyncClient]


async def test_visit_is_created(connect: Connect) -> None:
    """`POST /visits?name=Ada` answers 201 Created."""
    from waybill.hello import app

    async with connect(app) as client:
        response = await client.post("/visits", params={"name": "Ada"})
    advice = {
        200: "The decorator can say another status.",
        404: "Nothing answers there: is there a decorator with an @, and is its path "
        "/visits?",
        405: "Look at the word after `@app.`.",
    }
    status = response.status_code
    assert status == 201, (
        f"POST /visits should answer 201; yours answered {status}. "
        f"{advice.get(status, 'Compare the decorator with the brief.')}"
    )


@pytest.mark.parametrize("name", ["Grace", "Zoë Ng", "R&D = depot 7"])
async def test_visitor_is_named(connect: Connect, name: str) -> None:
    """The body names the visitor who came."""
    from waybill.hello import app

    async with connect(app) as client:
        response = await client.post("/visits", params={"name": name})
    body = response.json()
    assert isinstance(body, dict), (
        f"The body should be a JSON object; yours is a {type(body).__name__}. "
        "Return one dict and nothing else: the status belongs in the decorator."
    )
    assert body.get("visitor") == name, (
        f"{name!r} came, so the body's 'visitor' should be {name!r}; "
        f"yours is {body.get('visitor')!r}. "
        "Take the name from the function's parameter."
    )


async def test_every_visit_has_an_id(connect: Connect) -> None:
    """Every visit has an id of its own, even when the same visitor returns."""
    from waybill.hello import app

    async with connect(app) as client:
        answers = [
            await client.post("/visits", params={"name": "Ada"}) for _ in range(3)
        ]
    ids = {answer.json().get("id") for answer in answers}
    assert None not in ids, (
        f"A visit should hold an 'id'; yours is {answers[0].text}. "
        "Keep both keys of the dict that the cell came with."
    )
    different = len(ids)
    assert different == 3, (
        "Ada came three times, so three visits were created; yours share "
        f"{different} 'id' between them. Make the id inside the function: "
        "what stands outside it, or is a default in its def line, runs once."
    )


async def test_looking_creates_nothing(connect: Connect) -> None:
    """`GET /visits` creates nothing: it answers 405 Method Not Allowed."""
    from waybill.hello import app

    async with connect(app) as client:
        response = await client.get("/visits", params={"name": "Ada"})
    assert response.status_code == 405, (
        f"GET /visits should answer 405; yours answered {response.status_code}. "
        "A link or a crawler sends GET. Let the decorator name POST alone."
    )


async def test_docs_promise_created(connect: Connect) -> None:
    """`/openapi.json` promises 201 for a visit, and no 200."""
    from waybill.hello import app

    async with connect(app) as client:
        schema = (await client.get("/openapi.json")).json()
    promised = sorted(schema["paths"]["/visits"]["post"]["responses"])
    successes = [code for code in promised if code.startswith("2")]
    assert successes == ["201"], (
        f"Your visit answers 201, but its documentation promises {successes}. "
        "A status set inside the function is invisible to the docs: "
        "say it in the decorator."
    )
