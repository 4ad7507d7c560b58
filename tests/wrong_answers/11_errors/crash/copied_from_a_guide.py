#| kata: errors.crash
#| refused_by: test_it_is_a_problem
# Both handlers that guides have.
import logging
from uuid import uuid4

from fastapi import FastAPI, Request, Response
from pydantic import ValidationError

log = logging.getLogger("waybill.problems")


def answer_crashes(app: FastAPI) -> None:
    """Let an app answer what nobody expected: an id, and the log has the rest."""

    @app.exception_handler(ValidationError)
    async def refuse(_request: Request, error: ValidationError) -> Response:
        return problem(422, str(error))

    @app.exception_handler(Exception)
    async def apologize(_request: Request, error: Exception) -> Response:
        return problem(500, str(error))


answers.append(answer_crashes)
