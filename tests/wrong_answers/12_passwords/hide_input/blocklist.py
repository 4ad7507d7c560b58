#| kata: passwords.hide_input
#| refused_by: test_a_mistake_has_three_parts
# A list of what must stay inside is one name short one day.
from inspect import isawaitable

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError


def hide_input(app: FastAPI) -> None:
    """Let an app's 422 say what is wrong and where, but not what was sent."""

    before = app.exception_handlers[RequestValidationError]

    @app.exception_handler(RequestValidationError)
    async def refuse(request: Request, error: RequestValidationError) -> Response:
        kept = [
            {part: one[part] for part in one if part not in ("input", "ctx", "url")}
            for one in error.errors()
        ]
        answer = before(request, RequestValidationError(kept))
        return await answer if isawaitable(answer) else answer


extensions.append(hide_input)
