#| kata: errors.crash
#| refused_by: test_it_has_an_id
# A number that anybody can guess, and that a restart repeats.
import logging
from itertools import count

from fastapi import FastAPI, Request, Response

numbers = count(1)
log = logging.getLogger("waybill.problems")


def answer_crashes(app: FastAPI) -> None:
    """Let an app answer what nobody expected: an id, and the log has the rest."""

    @app.exception_handler(Exception)
    async def apologize(request: Request, error: Exception) -> Response:
        instance = f"urn:uuid:{next(numbers)}"
        method, path = request.method, request.scope["path"]
        log.error("%s: %s %r", instance, method, path, exc_info=error)
        return problem(
            500, "Waybill has failed, and its log knows why.", instance=instance
        )


answers.append(answer_crashes)
