"""Checks of errors.problem: an answer in the shape of RFC 9457."""

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.responses import Response

Made = Callable[..., tuple[Response, dict[str, Any]]]
CASES = (
    (404, "There is no such form."),
    (409, "The parcel is on its way."),
    (429, "Wait."),
    (500, ""),
    (503, "The database of Zoë is 😴"),
)


@pytest.fixture
def made() -> Made:
    """Return a function that calls `problem`, and reads what comes of it."""

    def make(*arguments: Any, **more: Any) -> tuple[Response, dict[str, Any]]:  # noqa: ANN401
        from waybill.problems import problem

        said = ", ".join(map(repr, arguments))
        try:
            answer = problem(*arguments, **more)
        except Exception as error:
            swapped = "'<' not supported" in str(error)
            raise AssertionError(
                f"problem({said}) raised {type(error).__name__}: {error}. "
                + ("JSONResponse takes the content first, then the status." * swapped)
            ) from error
        assert isinstance(answer, Response), f"problem({said}) returned {answer!r}."
        try:
            body = json.loads(bytes(answer.body))
        except ValueError:
            raise AssertionError(
                f"problem({said}) has the body {answer.body!r}, which is no JSON."
            ) from None
        assert isinstance(body, dict), f"problem({said}) has the body {body!r}."
        return answer, body

    return make


# - `problem(status, detail)` is an answer with that status.
@pytest.mark.parametrize(("status", "detail"), CASES)
def test_status_and_detail(made: Made, status: int, detail: str) -> None:
    """The answer has the status; its body has title, status and detail."""
    answer, body = made(status, detail)
    assert answer.status_code == status, (
        f"problem({status}, {detail!r}) has the status {answer.status_code}."
    )
    for name, wanted in (
        ("title", HTTPStatus(status).phrase),
        ("status", status),
        ("detail", detail),
    ):
        found = body.get(name)
        same = found == wanted and type(found) is type(wanted)
        assert same, (
            f"problem({status}, {detail!r}) has the {name} {found!r}; it should be "
            f"{wanted!r}. The body is {body}."
        )


# - Its `Content-Type` is `application/problem+json`.
@pytest.mark.parametrize("headers", [None, {}, {"Retry-After": "5"}])
def test_media_type(made: Made, headers: dict[str, str] | None) -> None:
    """The `Content-Type` is `application/problem+json`, with headers and without."""
    answer, _ = made(404, "There is no such form.", headers)
    kind = answer.headers.get("content-type", "")
    assert kind.partition(";")[0] == "application/problem+json", (
        f"With the headers {headers} the Content-Type is {kind!r}. JSONResponse's "
        "fourth argument is the media type."
    )


# - `headers` are sent along.
@pytest.mark.parametrize(
    "headers",
    [
        {"Retry-After": "5"},
        {"WWW-Authenticate": "Bearer", "ETag": '"7"'},
        MappingProxyType({"Allow": "GET, HEAD"}),
    ],
)
def test_headers(made: Made, headers: Mapping[str, str]) -> None:
    """`headers` are sent along, and stay out of the body."""
    was = dict(headers)
    answer, body = made(429, "Wait.", headers)
    for name, value in was.items():
        found = answer.headers.get(name)
        assert found == value, (
            f"problem(429, 'Wait.', {was}) has the header {name}: {found!r}; it should "
            f"be {value!r}. JSONResponse's third argument is for headers."
        )
    inside = [name for name in (*was, "headers") if name in body]
    assert not inside, f"Headers stand in the body, too: {body}."
    assert dict(headers) == was, f"The dictionary {was} became {dict(headers)}."


# - Whatever else is passed by name stands in the body too, and nothing else does.
@pytest.mark.parametrize(
    "more",
    [
        {},
        {"limit": 100},
        {"instance": "urn:uuid:7d4c", "errors": [{"loc": ["body", 3], "msg": "No."}]},
        {"type": "https://waybill.example/stale", "empty": [], "nothing": None},
    ],
)
def test_more_members(made: Made, more: dict[str, Any]) -> None:
    """What is passed by name stands in the body, and nothing else does."""
    for _ in range(2):  # nothing is left over from the call before
        _, body = made(409, "The parcel is on its way.", **more)
        extra = {name: body[name] for name in body if name not in three()}
        assert extra == more, (
            f"problem(409, 'The parcel is on its way.') was given {more or 'nothing'} "
            f"by name, and has {extra} beside title, status and detail."
        )
    _, body = made(404, "There is no such form.")
    assert set(body) == {*three()}, f"Nothing more was passed, and the body is {body}."


def three() -> tuple[str, ...]:
    """Return the members that every problem has."""
    return ("title", "status", "detail")


# - `answer_problems(app)` calls each function in `answers`, in order.
def test_all_are_called(monkeypatch: pytest.MonkeyPatch) -> None:
    """`answer_problems(app)` calls each function in `answers`, in order."""
    from waybill import problems

    called: list[tuple[str, FastAPI]] = []
    app = FastAPI()
    monkeypatch.setattr(
        problems,
        "answers",
        [
            lambda app: called.append(("first", app)),
            lambda app: called.append(("second", app)),
        ],
    )
    problems.answer_problems(app)
    assert called == [("first", app), ("second", app)], (
        "`answers` held two functions, first and second, and answer_problems(app) "
        f"called {[name for name, _ in called]}. It is given; leave it as it is."
    )
