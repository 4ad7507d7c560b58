#| kata: errors.http_errors
#| refused_by: test_no_body
# A 204 with a body.
from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException


def answer_http_errors(app: FastAPI) -> None:
    """Let an app answer every HTTPException with a problem."""

    @app.exception_handler(HTTPException)  # Starlette's: FastAPI's is one of them
    async def refuse(_request: Request, error: HTTPException) -> Response:
        return problem(error.status_code, error.detail, error.headers)


answers.append(answer_http_errors)
