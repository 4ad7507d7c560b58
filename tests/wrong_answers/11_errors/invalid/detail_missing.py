#| kata: errors.invalid
#| refused_by: test_it_is_a_problem
# A shape of its own.
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse


def answer_invalid(app: FastAPI) -> None:
    """Let an app's 422 say what is wrong and where, but not what was sent."""

    @app.exception_handler(RequestValidationError)
    async def refuse(_request: Request, error: RequestValidationError) -> Response:
        errors = [
            {name: one[name] for name in ("loc", "msg", "type")}
            for one in error.errors()
        ]
        return JSONResponse({"errors": errors}, 422)


answers.append(answer_invalid)
