#| kata: errors.crash
#| refused_by: test_query_headers_and_body_stay_out
# Headers hold tokens and cookies.
import logging
from uuid import uuid4

from fastapi import FastAPI, Request, Response

log = logging.getLogger("waybill.problems")


def answer_crashes(app: FastAPI) -> None:
    """Let an app answer what nobody expected: an id, and the log has the rest."""

    @app.exception_handler(Exception)
    async def apologize(request: Request, error: Exception) -> Response:
        instance = uuid4().urn
        method, path = request.method, request.scope["path"]
        log.error(
            "%s: %s %r %r",
            instance,
            method,
            path,
            dict(request.headers),
            exc_info=error,
        )
        return problem(
            500, "Waybill has failed, and its log knows why.", instance=instance
        )


answers.append(answer_crashes)
