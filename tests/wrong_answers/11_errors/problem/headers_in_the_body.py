#| kata: errors.problem
#| refused_by: test_headers
# Headers become a member of the body.
from collections.abc import Callable, Mapping
from http import HTTPStatus

from fastapi import FastAPI
from fastapi.responses import JSONResponse

answers: list[Callable[[FastAPI], None]] = []
"""What teaches an app to answer errors, in order."""


def answer_problems(app: FastAPI) -> None:
    """Let an app answer whatever fails with a problem."""
    for answer in answers:
        answer(app)


MEDIA_TYPE = "application/problem+json"


def problem(
    status: int,
    detail: str,
    headers: Mapping[str, str] | None = None,
    **more: object,
) -> JSONResponse:
    """Make an answer that says what went wrong, in the shape of RFC 9457."""
    title = HTTPStatus(status).phrase
    content = (
        {
            "title": title,
            "status": status,
            "detail": detail,
            "headers": dict(headers or {}),
            **more,
        }
        if headers
        else {"title": title, "status": status, "detail": detail, **more}
    )
    return JSONResponse(content, status, headers, MEDIA_TYPE)
