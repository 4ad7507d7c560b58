#| kata: passwords.hide_input
#| refused_by: test_other_errors_stay
# Answers HTTPExceptions as well, and loses their headers.
from fastapi import FastAPI, HTTPException, Request, status
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse


def hide_input(app: FastAPI) -> None:
    """Let an app's 422 say what is wrong and where, but not what was sent."""

    @app.exception_handler(HTTPException)
    async def short(_request: Request, error: HTTPException) -> JSONResponse:
        return JSONResponse({"detail": error.detail}, error.status_code)

    @app.exception_handler(RequestValidationError)
    async def refuse(_request: Request, error: RequestValidationError) -> JSONResponse:
        return JSONResponse(
            {
                "detail": [
                    {name: one[name] for name in ("type", "loc", "msg")}
                    for one in error.errors()
                ]
            },
            status.HTTP_422_UNPROCESSABLE_CONTENT,
        )


extensions.append(hide_input)
