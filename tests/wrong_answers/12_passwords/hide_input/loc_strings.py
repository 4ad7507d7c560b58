#| kata: passwords.hide_input
#| refused_by: test_a_broken_body_is_answered
# Numbers in `loc` become texts.
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
                    {"type": one["type"], "loc": [str(part) for part in one["loc"]], "msg": one["msg"]}
                    for one in error.errors()
                ]
            },
            status.HTTP_422_UNPROCESSABLE_CONTENT,
        )


extensions.append(hide_input)
