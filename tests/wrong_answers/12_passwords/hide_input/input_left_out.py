#| kata: passwords.hide_input
#| refused_by: test_a_validators_error_is_answered
# Leaves the input out by name, and keeps what JSON can't say.
from fastapi import FastAPI, Request, status
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse


def hide_input(app: FastAPI) -> None:
    """Let an app's 422 say what is wrong and where, but not what was sent."""

    @app.exception_handler(RequestValidationError)
    async def refuse(_request: Request, error: RequestValidationError) -> JSONResponse:
        problems = [
            {key: problem[key] for key in problem if key not in ("input", "url")}
            for problem in error.errors()
        ]
        return JSONResponse({"detail": problems}, status.HTTP_422_UNPROCESSABLE_CONTENT)


extensions.append(hide_input)
