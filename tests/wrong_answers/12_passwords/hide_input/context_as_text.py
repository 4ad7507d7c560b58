#| kata: passwords.hide_input
#| refused_by: test_a_mistake_has_three_parts
# jsonable_encoder makes the exception harmless, and the rest stays.
from fastapi import FastAPI, Request, status
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse


def hide_input(app: FastAPI) -> None:
    """Let an app's 422 say what is wrong and where, but not what was sent."""

    @app.exception_handler(RequestValidationError)
    async def refuse(_request: Request, error: RequestValidationError) -> JSONResponse:
        problems = []
        for problem in error.errors():
            problem.pop("input")
            context = problem.pop("ctx", {})
            problems.append({**problem, "why": str(context.get("error", ""))})
        return JSONResponse({"detail": problems}, status.HTTP_422_UNPROCESSABLE_CONTENT)


extensions.append(hide_input)
