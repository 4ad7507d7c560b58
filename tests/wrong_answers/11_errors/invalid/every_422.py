#| kata: errors.invalid
#| refused_by: test_other_exceptions_stay
# Registered for the status as well.
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError


def answer_invalid(app: FastAPI) -> None:
    """Let an app's 422 say what is wrong and where, but not what was sent."""

    @app.exception_handler(422)
    @app.exception_handler(RequestValidationError)
    async def refuse(_request: Request, error: RequestValidationError) -> Response:
        errors = [
            {name: one[name] for name in ("loc", "msg", "type")}
            for one in getattr(error, "errors", list)()
        ]
        return problem(422, "The request is not valid.", errors=errors)


answers.append(answer_invalid)
