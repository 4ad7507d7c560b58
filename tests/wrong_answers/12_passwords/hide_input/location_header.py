#| kata: passwords.hide_input
#| refused_by: test_what_was_sent_does_not_come_back
# A header repeats the query, and with it what was sent.
from fastapi import FastAPI, Request, status
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse


def hide_input(app: FastAPI) -> None:
    """Let an app's 422 say what is wrong and where, but not what was sent."""

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
            {"Content-Location": str(_request.url)},
        )


extensions.append(hide_input)
