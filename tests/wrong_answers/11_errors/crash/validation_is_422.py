#| kata: errors.crash
#| refused_by: test_it_is_a_problem
# Waybill's own mistake becomes the client's.
import logging
from uuid import uuid4

from fastapi import FastAPI, Request, Response
from pydantic import ValidationError

log = logging.getLogger("waybill.problems")


def answer_crashes(app: FastAPI) -> None:
    """Let an app answer what nobody expected: an id, and the log has the rest."""

    @app.exception_handler(ValidationError)
    async def refuse(_request: Request, _error: ValidationError) -> Response:
        return problem(422, "Not valid.")

    @app.exception_handler(Exception)
    async def apologize(request: Request, error: Exception) -> Response:
        instance = uuid4().urn
        method, path = request.method, request.scope["path"]
        log.error("%s: %s %r", instance, method, path, exc_info=error)
        return problem(
            500, "Waybill has failed, and its log knows why.", instance=instance
        )


answers.append(answer_crashes)
