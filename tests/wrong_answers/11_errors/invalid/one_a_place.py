#| kata: errors.invalid
#| refused_by: test_new_parts_stay_inside
# Of two mistakes at one place, only the last is named.
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError


def answer_invalid(app: FastAPI) -> None:
    """Let an app's 422 say what is wrong and where, but not what was sent."""

    @app.exception_handler(RequestValidationError)
    async def refuse(_request: Request, error: RequestValidationError) -> Response:
        places = {one["loc"]: one for one in error.errors()}
        errors = [
            {"loc": one["loc"], "msg": one["msg"], "type": one["type"]}
            for one in places.values()
        ]
        return problem(422, "The request is not valid.", errors=errors)


answers.append(answer_invalid)
