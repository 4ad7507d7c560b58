"""Checks of the kata first_endpoint.docs."""

import re
from collections.abc import Callable
from typing import Any

import httpx

Connect = Callable[..., httpx.AsyncClient]

PATH = "/opening-hours"
HOURS = {"weekdays": "08:00-18:00", "saturday": "09:00-13:00"}


async def documented(connect: Connect) -> dict[str, Any]:
    """Return what /openapi.json says about GET /opening-hours."""
    from waybill.hello import app

    async with connect(app) as client:
        paths = (await client.get("/openapi.json")).json()["paths"]
    assert "get" in paths.get(PATH, {}), (
        f"/openapi.json lists no GET {PATH}. Keep the decorator's first line as it "
        "was, and don't hide the operation with include_in_schema=."
    )
    return paths[PATH]["get"]


# - `GET /opening-hours` answers the same hours as before.


async def test_hours_are_still_answered(connect: Connect) -> None:
    """`GET /opening-hours` answers the same hours as before."""
    from waybill.hello import app

    async with connect(app) as client:
        response = await client.get(PATH)
    assert response.status_code == 200, (
        f"GET {PATH} should answer 200; yours answered {response.status_code}. "
        "Documenting an operation doesn't change it: look at the path."
    )
    before = response.text
    assert response.json() == HOURS, (
        f"The hours should stay {HOURS}; yours are {response.json()!r}. "
        "Only the decorator and the docstring need your hand."
    )
    async with connect(app) as client:
        paths = (await client.get("/openapi.json")).json()["paths"]
    operation = paths.get(PATH, {}).get("get", {})
    declared = [one["name"] for one in operation.get("parameters", [])]
    for word in (*HOURS, "de", "fr"):
        wishes = dict.fromkeys([*declared, "day"], word)
        headers = dict.fromkeys([*declared, "accept-language"], word)
        async with connect(app) as client:
            response = await client.get(PATH, params=wishes, headers=headers)
        assert response.text == before, (
            f"A client sent {word!r}, in the query ({', '.join(wishes)}) and in "
            f"headers ({', '.join(headers)}), and was answered {response.text} instead "
            f"of {before}. What is answered stays the same: read nothing from the "
            "request."
        )


# - Its summary is `When the desk is open`.


async def test_summary_is_written(connect: Connect) -> None:
    """Its summary is `When the desk is open`."""
    summary = (await documented(connect)).get("summary")
    assert summary == "When the desk is open", (
        f"The summary should be 'When the desk is open'; yours is {summary!r}. "
        "Without one, FastAPI derives it from the function's name. "
        "The decorator takes a summary=."
    )


# - Its description says that the times are `local`.


async def test_description_says_local(connect: Connect) -> None:
    """Its description says that the times are `local`."""
    description = (await documented(connect)).get("description")
    assert description, (
        f"GET {PATH} has no description. Write a docstring: the first statement of "
        'the function, plain """text""", neither a # comment nor an f-string.'
    )
    assert re.search(r"\blocal\b", description, re.IGNORECASE), (
        f"The description should say that times are local; yours is {description!r}. "
        "Tell the reader what the numbers alone don't."
    )


# - It has one tag, `front desk`.


async def test_tag_is_front_desk(connect: Connect) -> None:
    """It has one tag, `front desk`."""
    tags = (await documented(connect)).get("tags", [])
    assert tags == ["front desk"], (
        f"The tags should be ['front desk']; yours are {tags!r}. "
        "The decorator's tags= wants a list, even for one tag."
    )


# - Its 200 response is described as `Opening hours by day`.


async def test_answer_is_described(connect: Connect) -> None:
    """Its 200 response is described as `Opening hours by day`."""
    answer = (await documented(connect))["responses"].get("200", {})
    described = answer.get("description")
    assert described == "Opening hours by day", (
        "The 200 response should be described as 'Opening hours by day'; "
        f"yours says {described!r}. The decorator takes a response_description=."
    )
