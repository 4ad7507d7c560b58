#| kata: errors.crash
#| refused_by: test_a_path_forges_no_line
# Thinks of one character.
import logging
from uuid import uuid4

from fastapi import FastAPI, Request, Response

log = logging.getLogger("waybill.problems")


def answer_crashes(app: FastAPI) -> None:
    """Let an app answer what nobody expected: an id, and the log has the rest."""

    @app.exception_handler(Exception)
    async def apologize(request: Request, error: Exception) -> Response:
        instance = uuid4().urn
        method, path = request.method, request.scope["path"].replace("\n", " ")
        log.error("%s: %s %s", instance, method, path, exc_info=error)
        return problem(
            500, "Waybill has failed, and its log knows why.", instance=instance
        )


answers.append(answer_crashes)
