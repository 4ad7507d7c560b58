#| kata: observability.probes
#| refused_by: test_an_answer_is_good_for_a_while
# Good for twice as long.
import asyncio
import time
from collections.abc import Callable

from fastapi import APIRouter, HTTPException, Request, Response, status
from sqlalchemy import text

from waybill.database import AppSessions, Sessions

PATIENCE = 2.0
"""Seconds in which the database has to answer."""
GOOD_FOR = 1.0
"""Seconds for which an answer is given again."""


class Readiness:
    """Whether an app can serve; however many ask, the database is asked by one."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = asyncio.Lock()
        self._until = float("-inf")
        self._ready = False

    async def ask(self, sessions: Sessions, patience: float = PATIENCE) -> bool:
        """Tell whether the database answers in time, or did a moment ago."""
        async with self._lock:
            if self._clock() >= self._until:
                self._ready = await answers(sessions, patience)
                self._until = self._clock() + 2 * GOOD_FOR
            return self._ready


async def answers(sessions: Sessions, patience: float) -> bool:
    """Tell whether a database answers a small question in time."""
    try:
        async with asyncio.timeout(patience), sessions() as session:
            await session.execute(text("SELECT 1"))
    except Exception:  # whatever it is, nobody should be sent here
        return False
    return True


router = APIRouter(tags=["health"])


@router.head("/ready", include_in_schema=False)
@router.get("/ready")
async def ready(
    request: Request, response: Response, sessions: AppSessions
) -> dict[str, str]:
    """Answer 200 while the database does, else 503."""
    readiness: Readiness = request.app.state.readiness
    if not await readiness.ask(sessions):
        raise HTTPException(
            status.HTTP_503_SERVICE_UNAVAILABLE,
            "The database does not answer.",
            {"Cache-Control": "no-store", "Retry-After": "1"},
        )
    response.headers["Cache-Control"] = "no-store"
    return {"status": "ready"}
