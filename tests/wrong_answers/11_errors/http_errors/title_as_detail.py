#| kata: errors.http_errors
#| refused_by: test_a_raised_one
# Says what the status means, and not what happened.
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException


def answer_http_errors(app: FastAPI) -> None:
    """Let an app answer every HTTPException with a problem."""

    @app.exception_handler(HTTPException)  # Starlette's: FastAPI's is one of them
    async def refuse(_request: Request, error: HTTPException) -> Response:
        if error.status_code in (204, 304):  # they have no body
            return Response(status_code=error.status_code, headers=error.headers)
        return problem(
            error.status_code, HTTPStatus(error.status_code).phrase, error.headers
        )


answers.append(answer_http_errors)
