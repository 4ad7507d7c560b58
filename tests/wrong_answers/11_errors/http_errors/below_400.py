#| kata: errors.http_errors
#| refused_by: test_a_raised_one
# Whatever is below 400 has no body.
from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException


def answer_http_errors(app: FastAPI) -> None:
    """Let an app answer every HTTPException with a problem."""

    @app.exception_handler(HTTPException)
    async def refuse(_request: Request, error: HTTPException) -> Response:
        if error.status_code < 400:
            return Response(status_code=error.status_code, headers=error.headers)
        return problem(error.status_code, error.detail, error.headers)


answers.append(answer_http_errors)
