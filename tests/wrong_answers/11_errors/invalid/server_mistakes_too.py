#| kata: errors.invalid
#| refused_by: test_other_exceptions_stay
# Waybill's own mistakes become the client's.
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError


def answer_invalid(app: FastAPI) -> None:
    """Let an app's 422 say what is wrong and where, but not what was sent."""

    @app.exception_handler(ValidationError)
    async def inside(_request: Request, error: ValidationError) -> Response:
        return problem(422, "Not valid.", errors=error.errors(include_input=False))

    @app.exception_handler(RequestValidationError)
    async def refuse(_request: Request, error: RequestValidationError) -> Response:
        errors = [
            {name: one[name] for name in ("loc", "msg", "type")}
            for one in error.errors()
        ]
        return problem(422, "The request is not valid.", errors=errors)


answers.append(answer_invalid)
