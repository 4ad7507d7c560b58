"""Whether Waybill can serve, for whoever decides where requests go."""

import asyncio

from fastapi import APIRouter, FastAPI, HTTPException, status
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from waybill.database import AppSessions

PATIENCE = 2.0
"""Seconds in which the database has to answer."""

router = APIRouter(tags=["health"])


@router.get("/ready", responses={503: {"description": "No database."}})
async def ready(sessions: AppSessions) -> dict[str, str]:
    """Answer 200 while the database does, else 503.

    /health says that the process is alive; restarting it would mend no database.
    """
    try:
        async with asyncio.timeout(PATIENCE), sessions() as session:
            await session.execute(text("SELECT 1"))
    except (SQLAlchemyError, OSError):  # a time-out is an OSError, too
        raise HTTPException(
            status.HTTP_503_SERVICE_UNAVAILABLE, "The database does not answer."
        ) from None
    return {"status": "ready"}


def add_readiness(app: FastAPI) -> None:
    """Give an app its route for load balancers."""
    app.include_router(router)
