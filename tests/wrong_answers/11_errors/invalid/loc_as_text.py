#| kata: errors.invalid
#| refused_by: test_each_mistake_is_named
# A path of dots; numbers and names look alike.
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError


def answer_invalid(app: FastAPI) -> None:
    """Let an app's 422 say what is wrong and where, but not what was sent."""

    @app.exception_handler(RequestValidationError)
    async def refuse(_request: Request, error: RequestValidationError) -> Response:
        errors = [
            {
                "loc": ".".join(map(str, one["loc"])),
                "msg": one["msg"],
                "type": one["type"],
            }
            for one in error.errors()
        ]
        return problem(422, "The request is not valid.", errors=errors)


answers.append(answer_invalid)
