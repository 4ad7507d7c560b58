"""Checks of the kata first_endpoint.hello."""

import runpy
from collections.abc import Callable

import httpx
import pytest
from fastapi.exceptions import ResponseValidationError

Connect = Callable[..., httpx.AsyncClient]

GREETING = {"message": "Hello from Waybill"}
BROWSER = {"accept": "text/html", "user-agent": "a browser"}
MEMBER = {"authorization": "Bearer Ada", "cookie": "name=Ada", "x-name": "Ada"}
WAYS_TO_ASK: dict[str, dict[str, dict[str, str]]] = {
    "plain": {},
    "browser": {"headers": BROWSER},
    "query": {"params": {"name": "Ada", "message": "Go away"}},
    "somebody known": {"headers": MEMBER},
    "German": {"headers": {"accept-language": "de-AT,de;q=0.9"}},
    "French": {"headers": {"accept-language": "fr"}},
    "Spanish": {"headers": {"accept-language": "es-ES,es"}},
}
"""Differences between requests that change nothing about a greeting."""
METHODS = ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"]

# - `GET /hello` answers 200.


async def test_hello_is_found(connect: Connect) -> None:
    """`GET /hello` answers 200 OK."""
    from waybill.hello import app

    async with connect(app) as client:
        try:
            response = await client.get("/hello")
        except ResponseValidationError as error:
            raise AssertionError(
                f"Your function returned {error.body!r}, and its annotation declares "
                "something else, so FastAPI sends nothing; a visitor would see a 500. "
                "Return the dict itself, without print or json.dumps, and declare "
                "`-> dict[str, str]`."
            ) from None
    advice = {
        307: "Does the path in the decorator end with a slash? Take it away.",
        404: "Nothing answers there yet: is there a decorator with an @ above your "
        "function, and does its path begin with a slash and end without one?",
        405: "Look at the word after `@app.`.",
        422: "Your function asks for something that the visitor did not send: take "
        "the parameter away.",
    }
    status = response.status_code
    assert status == 200, (
        f"GET /hello should answer 200; yours answered {status}. "
        f"{advice.get(status, 'Compare the decorator with the task.')}"
    )


# - Asking again gives the same answer.


async def test_greeting_stays_the_same(connect: Connect) -> None:
    """Asking again gives the same answer."""
    import waybill

    # A copy that nobody has asked yet: the very first visitor counts, too.
    app = runpy.run_path(f"{waybill.__path__[0]}/hello.py")["app"]
    async with connect(app) as client:
        responses = [await client.get("/hello") for _ in range(4)]
    first = responses[0].text
    for number, response in enumerate(responses, start=1):
        assert (response.status_code, response.text) == (200, first), (
            f"The first GET /hello answered {first}, number {number} answered "
            f"{response.status_code} {response.text}. A GET changes nothing: make the "
            "dict afresh inside the function, and keep no count."
        )


# - The body is the JSON object below, whoever asks.


@pytest.mark.parametrize("details", WAYS_TO_ASK.values(), ids=WAYS_TO_ASK)
async def test_greeting_is_json(
    connect: Connect, details: dict[str, dict[str, str]]
) -> None:
    """The body is the JSON object `{"message": "Hello from Waybill"}`, whoever asks."""
    from waybill.hello import app

    async with connect(app) as client:
        response = await client.get("/hello", **details)
    kind = response.headers.get("content-type", "no content type")
    assert kind == "application/json", (
        f"The body should be application/json; yours is {kind}. "
        "Return a dict: FastAPI turns it into JSON for you."
    )
    body = response.json()
    sent = details.get("headers") or details.get("params")
    because = (
        f" for a request that carries {sent}. Everybody gets the same greeting: read "
        "nothing from the request."
        if sent
        else ". Return a dict with that one key. FastAPI makes the JSON: no json.dumps."
    )
    assert body == GREETING, (
        f"The body should be {GREETING}; yours is {body!r}{because}"
    )


async def test_greeting_takes_no_wishes(connect: Connect) -> None:
    """What a client sends along doesn't change the greeting."""
    from waybill.hello import app

    async with connect(app) as client:
        paths = (await client.get("/openapi.json")).json()["paths"]
        operation = paths.get("/hello", {}).get("get", {})
        declared = [one["name"] for one in operation.get("parameters", [])]
        sent = dict.fromkeys(declared, "Ada")
        response = await client.get("/hello", params=sent, headers=sent)
    assert response.json() == GREETING, (
        f"Your function has the parameters {declared}. A client sent 'Ada' for each, "
        f"and was answered {response.text}. Everybody gets the same greeting: take "
        "the parameters away."
    )


# - Another method on `/hello` still gets 405.


@pytest.mark.parametrize("method", METHODS)
async def test_only_get_is_allowed(connect: Connect, method: str) -> None:
    """Another method on `/hello` answers 405 Method Not Allowed."""
    from waybill.hello import app

    async with connect(app) as client:
        response = await client.request(method, "/hello")
    assert response.status_code == 405, (
        f"{method} /hello should answer 405; yours answered {response.status_code}. "
        "Keep one decorator on the function, and let it name GET alone."
    )


# - A path that nobody wrote still gets 404.


@pytest.mark.parametrize("path", ["/", "/goodbye", "/hello/again", "/Hello"])
async def test_other_paths_are_not_found(connect: Connect, path: str) -> None:
    """A path that nobody wrote still answers 404 Not Found."""
    from waybill.hello import app

    async with connect(app) as client:
        for method in ("GET", "POST"):
            response = await client.request(method, path)
            assert response.status_code == 404, (
                f"{method} {path} should answer 404; yours answered "
                f"{response.status_code}. The path in the decorator is for /hello "
                "alone: no {braces} in it."
            )
