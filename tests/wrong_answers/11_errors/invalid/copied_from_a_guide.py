#| kata: errors.invalid
#| refused_by: test_each_mistake_is_named
# Passes on all that Pydantic knows, and repeats the body.
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError


def answer_invalid(app: FastAPI) -> None:
    """Let an app's 422 say what is wrong and where, but not what was sent."""

    @app.exception_handler(RequestValidationError)
    async def refuse(_request: Request, error: RequestValidationError) -> Response:
        return problem(422, f"{error}", errors=error.errors())


answers.append(answer_invalid)
