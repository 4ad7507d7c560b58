"""Checks of the kata first_endpoint.visit."""

import runpy
from collections.abc import Callable
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from fastapi.exceptions import ResponseValidationError

Connect = Callable[..., httpx.AsyncClient]

CHOSEN = str(UUID(int=7))
HEADERS_WITH_IDS = ("idempotency-key", "x-request-id", "x-correlation-id")


def started_again() -> FastAPI:
    """Return the learner's app as a newly started server would import it."""
    import waybill

    app: FastAPI = runpy.run_path(f"{waybill.__path__[0]}/hello.py")["app"]
    return app


# - `POST /visits?name=Ada` answers 201 Created.


async def test_visit_is_created(connect: Connect) -> None:
    """`POST /visits?name=Ada` answers 201 Created."""
    from waybill.hello import app

    async with connect(app) as client:
        try:
            response = await client.post("/visits", params={"name": "Ada"})
        except ResponseValidationError as error:
            raise AssertionError(
                f"POST /visits ended in a 500: your function returned {error.body!r}, "
                "and its annotation declares a dict of texts. Return that dict alone: "
                "the status belongs into the decorator, and str(...) makes text."
            ) from None
    advice = {
        200: "The decorator can say another status.",
        404: "Nothing answers there: is there a decorator with an @, and is its path "
        "/visits?",
        405: "Look at the word after `@app.`.",
        422: "The name comes in the address, after the ?. A plain parameter "
        "`name: str` takes it from there.",
    }
    status = response.status_code
    assert status == 201, (
        f"POST /visits should answer 201; yours answered {status}. "
        f"{advice.get(status, 'Compare the decorator with the task.')}"
    )


# - The body holds `visitor`, the name that came, and `id`, a text.


NAMES = ["Ada", "Grace", "Zoë Ng", "R&D = depot 7", "007", "Ada Lovelace " * 20]


@pytest.mark.parametrize("name", NAMES)
async def test_visitor_is_named(connect: Connect, name: str) -> None:
    """The body names the visitor who came, and holds an id as text."""
    from waybill.hello import app

    async with connect(app) as client:
        response = await client.post("/visits", params={"name": name})
    assert response.status_code == 201, (
        f"The name {name!r} was answered {response.status_code} instead of 201. Any "
        "name will do."
    )
    body = response.json()
    assert isinstance(body, dict), (
        f"The body should be a JSON object; yours is a {type(body).__name__}. "
        "Return one dict and nothing else: the status belongs into the decorator."
    )
    assert body.get("visitor") == name, (
        f"{name!r} came, so the body's 'visitor' should be {name!r}; "
        f"yours is {body.get('visitor')!r}. "
        "Take the name from the function's parameter."
    )
    assert isinstance(body.get("id"), str), (
        f"The body's 'id' should be a text; your body is {body!r}. "
        "Put the text that str(uuid4()) returns under the key 'id'."
    )


# - Every visit has an id of its own.


async def test_every_visit_has_an_id(connect: Connect) -> None:
    """Every visit has an id of its own, even when the same visitor returns."""
    from waybill.hello import app

    async with connect(app) as client:
        answers = [
            await client.post("/visits", params={"name": "Ada"}) for _ in range(3)
        ]
    different = len({answer.json().get("id") for answer in answers})
    assert different == 3, (
        "Ada came three times, so three visits were created; yours share "
        f"{different} 'id' between them. Call uuid4() inside the function: "
        "what stands outside it, or is a default in its def line, runs once."
    )


async def test_clients_choose_no_id(connect: Connect) -> None:
    """No client chooses the id of its visit."""
    from waybill.hello import app

    async with connect(app) as client:
        paths = (await client.get("/openapi.json")).json()["paths"]
        operation = paths.get("/visits", {}).get("post", {})
        declared = [one["name"] for one in operation.get("parameters", [])]
        names = [one for one in declared if one != "name"]
        sent = dict.fromkeys(["id", *names], CHOSEN) | {"name": "Ada"}
        headers = dict.fromkeys([*HEADERS_WITH_IDS, *names], CHOSEN)
        headers["cookie"] = "; ".join(
            f"{one}={CHOSEN}" for one in sent if one != "name"
        )
        answers = [
            await client.post("/visits", params=sent, headers=headers) for _ in range(2)
        ]
    ids = [answer.json().get("id") for answer in answers]
    assert ids[0] != ids[1], (
        f"A client sent {CHOSEN!r} twice, in the query ({', '.join(['id', *names])}) "
        f"and in headers ({', '.join(headers)}). Both visits got the id {ids[0]!r}. "
        "Make the id inside the function: what is a parameter of it, a client may send."
    )


async def test_no_id_comes_twice_after_a_restart(connect: Connect) -> None:
    """No id comes twice, not even after the server was started again."""
    ids: list[str] = []
    for app in (started_again(), started_again()):
        async with connect(app) as client:
            for name in ("Ada", "Grace"):
                answer = await client.post("/visits", params={"name": name})
                ids.append(answer.json().get("id"))
    assert len(set(ids)) == len(ids), (
        f"Two visits, a restart and two more visits got the ids {ids}. A counter "
        "begins again when the server does. str(uuid4()) needs no memory."
    )


async def test_an_id_is_long_enough(connect: Connect) -> None:
    """No id is so short that chance could bring it twice."""
    from waybill.hello import app

    async with connect(app) as client:
        response = await client.post("/visits", params={"name": "Ada"})
    number = response.json().get("id")
    assert len(str(number)) >= 12, (
        f"A visit got the id {number!r}. There are few texts as short as that, and one "
        "day chance brings the same one again. Keep all that str(uuid4()) returns."
    )


# - `GET /visits` creates nothing: it gets 405.


async def test_looking_creates_nothing(connect: Connect) -> None:
    """`GET /visits` creates nothing: it answers 405 Method Not Allowed."""
    from waybill.hello import app

    async with connect(app) as client:
        response = await client.get("/visits", params={"name": "Ada"})
    assert response.status_code == 405, (
        f"GET /visits should answer 405; yours answered {response.status_code}. "
        "A link or a crawler sends GET. Let the decorator name POST alone."
    )


# - `/openapi.json` says 201 as well, and no longer 200.


async def test_docs_promise_created(connect: Connect) -> None:
    """`/openapi.json` says 201 for a visit, and no longer 200."""
    from waybill.hello import app

    async with connect(app) as client:
        schema = (await client.get("/openapi.json")).json()
    operation = schema["paths"].get("/visits", {}).get("post")
    assert operation, (
        "/openapi.json lists no POST /visits. "
        "Don't hide the operation with include_in_schema=."
    )
    promised = sorted(operation["responses"])
    successes = [code for code in promised if code.startswith("2")]
    assert successes == ["201"], (
        f"Your visit answers 201, but its documentation says {successes}. "
        "A status set inside the function is invisible to the docs: "
        "say it in the decorator."
    )
