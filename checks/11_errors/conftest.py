"""Fixtures of this lesson: an app that answers one kind of error, and its problems."""

from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

Read = Callable[..., dict[str, Any]]


@pytest.fixture
def taught() -> Callable[[str], FastAPI]:
    """Return what makes an app, and teaches it with one function of `problems`."""

    def make(name: str) -> FastAPI:
        from waybill import problems

        app, teach = FastAPI(), getattr(problems, name)
        times = problems.answers.count(teach)
        assert times == 1, (
            f"`{name}` stands in `answers` {times} times instead of once. The starting "
            f"code ends with `answers.append({name})`."
        )
        teach(app)
        return app

    return make


@pytest.fixture
def read() -> Read:
    """Return a function that reads a problem, and says what is wrong with it."""

    def read(response: httpx.Response, status: int, what: str) -> dict[str, Any]:
        found = response.status_code
        assert found == status, f"{what} was answered {found} instead of {status}."
        kind = response.headers.get("content-type", "").partition(";")[0]
        assert kind == "application/problem+json", (
            f"{what} was answered {status} with the Content-Type {kind!r} and the body "
            f"{response.text!r}; a problem is 'application/problem+json'. `problem` "
            "makes such an answer, if the handler is called: is it registered for this "
            "exception?"
        )
        body = response.json()
        assert isinstance(body, dict), f"{what} was answered with {body!r}."
        wanted = (HTTPStatus(status).phrase, status)
        told = (body.get("title"), body.get("status"))
        assert told == wanted, (
            f"{what} was answered {status}, and its body says {body}. `title` should "
            f"be {wanted[0]!r} and `status` {status}."
        )
        detail = body.get("detail")
        assert isinstance(detail, str), (
            f"{what} was answered with the `detail` {detail!r}. It should be a text."
        )
        assert detail.strip(), f"{what} was answered with an empty `detail`."
        return dict(body)

    return read


@pytest.fixture
def quiet(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """What is logged, from DEBUG on."""
    with caplog.at_level("DEBUG", logger="waybill"):
        yield caplog
