#| kata: passwords.hide_input
#| refused_by: test_what_was_sent_does_not_come_back
# Registered for the class above: FastAPI's own handler is nearer.
from fastapi import FastAPI, Request, status
from fastapi.exceptions import ValidationException
from fastapi.responses import JSONResponse


def hide_input(app: FastAPI) -> None:
    """Let an app's 422 say what is wrong and where, but not what was sent."""

    @app.exception_handler(ValidationException)
    async def refuse(_request: Request, error: ValidationException) -> JSONResponse:
        problems = [
            {key: problem[key] for key in ("type", "loc", "msg")}
            for problem in error.errors()
        ]
        return JSONResponse({"detail": problems}, status.HTTP_422_UNPROCESSABLE_CONTENT)


extensions.append(hide_input)
