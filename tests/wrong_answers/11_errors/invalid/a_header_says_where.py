#| kata: errors.invalid
#| refused_by: test_what_was_sent_does_not_come_back
# A header repeats the URL, and with it what was sent.
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError


def answer_invalid(app: FastAPI) -> None:
    """Let an app's 422 say what is wrong and where, but not what was sent."""

    @app.exception_handler(RequestValidationError)
    async def refuse(request: Request, error: RequestValidationError) -> Response:
        errors = [
            {name: one[name] for name in ("loc", "msg", "type")}
            for one in error.errors()
        ]
        return problem(
            422,
            "The request is not valid.",
            {"X-Asked": str(request.url)},
            errors=errors,
        )


answers.append(answer_invalid)
