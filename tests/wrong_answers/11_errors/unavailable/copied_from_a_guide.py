#| kata: errors.unavailable
#| refused_by: test_a_lost_connection
# Every OperationalError is answered 503, with its text.
from fastapi import FastAPI, Request, Response
from sqlalchemy.exc import OperationalError


def answer_unavailable(app: FastAPI) -> None:
    """Let an app ask for patience while its database is busy or gone."""

    @app.exception_handler(OperationalError)
    async def wait(_request: Request, error: OperationalError) -> Response:
        return problem(503, str(error))


answers.append(answer_unavailable)
