#| kata: passwords.hide_input
#| refused_by: test_a_422_says_what_and_where
# 400 instead of the 422 that the docs promise.
from fastapi import FastAPI, Request, status
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse


def hide_input(app: FastAPI) -> None:
    """Let an app's 422 say what is wrong and where, but not what was sent."""

    @app.exception_handler(RequestValidationError)
    async def refuse(_request: Request, error: RequestValidationError) -> JSONResponse:
        problems = [
            {key: problem[key] for key in ("type", "loc", "msg")}
            for problem in error.errors()
        ]
        return JSONResponse({"detail": problems}, status.HTTP_400_BAD_REQUEST)


extensions.append(hide_input)
