#| kata: passwords.hide_input
#| refused_by: test_other_errors_stay
# Waybill's own mistakes become the client's, and show Waybill's data.
from typing import Any

from fastapi import FastAPI, Request, status
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import ValidationError


def hide_input(app: FastAPI) -> None:
    """Let an app's 422 say what is wrong and where, but not what was sent."""

    @app.exception_handler(ValidationError)
    @app.exception_handler(RequestValidationError)
    async def refuse(_request: Request, error: Any) -> JSONResponse:
        problems = [
            {key: problem[key] for key in ("type", "loc", "msg")}
            for problem in error.errors()
        ]
        return JSONResponse({"detail": problems}, status.HTTP_422_UNPROCESSABLE_CONTENT)


extensions.append(hide_input)
