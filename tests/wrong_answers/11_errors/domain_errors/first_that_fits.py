#| kata: errors.domain_errors
#| refused_by: test_a_subclass_may_have_its_own_line
# The first line that fits, and the base class stands above.
from fastapi import FastAPI, Request, Response

from waybill.repository import RefusedError
from waybill.store import OnItsWayError, StaleError

MEANINGS: dict[type[Exception], tuple[int, str]] = {
    StaleError: (412, "The parcel was changed. Read it again."),
    OnItsWayError: (409, "The parcel is on its way."),
    RefusedError: (409, "This doesn't go with what is stored."),
}
"""What HTTP calls what happened, and what a client is told."""


def answer_domain_errors(app: FastAPI) -> None:
    """Let an app answer Waybill's own exceptions as MEANINGS says."""

    async def answer(_request: Request, error: Exception) -> Response:
        for kind, (status, text) in MEANINGS.items():
            if isinstance(error, kind):
                return problem(status, text)
        raise error

    for kind in MEANINGS:
        app.add_exception_handler(kind, answer)


answers.append(answer_domain_errors)
