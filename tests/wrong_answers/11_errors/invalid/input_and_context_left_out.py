#| kata: errors.invalid
#| refused_by: test_it_is_a_problem
# Leaves two parts out by name; the body comes back beside them.
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError


def answer_invalid(app: FastAPI) -> None:
    """Let an app's 422 say what is wrong and where, but not what was sent."""

    @app.exception_handler(RequestValidationError)
    async def refuse(_request: Request, error: RequestValidationError) -> Response:
        errors = [
            {name: one[name] for name in ("loc", "msg", "type")}
            for one in error.errors()
        ]
        return problem(
            422, "The request is not valid.", errors=errors, body=str(error.body)
        )


answers.append(answer_invalid)
