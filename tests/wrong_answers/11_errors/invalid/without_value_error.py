#| kata: errors.invalid
#| refused_by: test_a_validators_error_is_answered
# msg stands there as FastAPI has it; clients compare it.
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError


def answer_invalid(app: FastAPI) -> None:
    """Let an app's 422 say what is wrong and where, but not what was sent."""

    @app.exception_handler(RequestValidationError)
    async def refuse(_request: Request, error: RequestValidationError) -> Response:
        errors = [
            {
                "loc": entry["loc"],
                "msg": entry["msg"].removeprefix("Value error, "),
                "type": entry["type"],
            }
            for entry in error.errors()
        ]
        return problem(422, "The request is not valid.", errors=errors)


answers.append(answer_invalid)
