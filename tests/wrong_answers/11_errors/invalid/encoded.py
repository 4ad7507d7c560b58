#| kata: errors.invalid
#| refused_by: test_each_mistake_is_named
# JSON can say it, and it repeats what was sent.
from fastapi import FastAPI, Request, Response
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError


def answer_invalid(app: FastAPI) -> None:
    """Let an app's 422 say what is wrong and where, but not what was sent."""

    @app.exception_handler(RequestValidationError)
    async def refuse(_request: Request, error: RequestValidationError) -> Response:
        errors = jsonable_encoder(error.errors())
        return problem(422, "The request is not valid.", errors=errors)


answers.append(answer_invalid)
