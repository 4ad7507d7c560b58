#| kata: errors.crash
#| refused_by: test_others_are_no_crash
# A 404 is logged as a crash.
import logging
from uuid import uuid4

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException

log = logging.getLogger("waybill.problems")


def answer_crashes(app: FastAPI) -> None:
    """Let an app answer what nobody expected: an id, and the log has the rest."""

    @app.exception_handler(HTTPException)
    @app.exception_handler(Exception)
    async def apologize(request: Request, error: Exception) -> Response:
        instance = uuid4().urn
        method, path = request.method, request.scope["path"]
        log.error("%s: %s %r", instance, method, path, exc_info=error)
        return problem(
            500, "Waybill has failed, and its log knows why.", instance=instance
        )


answers.append(answer_crashes)
