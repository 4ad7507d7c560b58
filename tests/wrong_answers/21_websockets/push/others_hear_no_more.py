#| kata: websockets.push
#| refused_by: test_whoever_listens_already_is_told_too
# The class of the sessions is replaced: whoever listened before hears nothing more.
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Literal

from fastapi import FastAPI
from sqlalchemy import event
from sqlalchemy.orm import Session as SyncSession

from waybill.database import Sessions
from waybill.parcels import ScanRead
from waybill.tables import Scan


class ScanShown(ScanRead):
    """A scan, as a screen is told of it."""

    type: Literal["scan"] = "scan"
    id: int
    parcel_id: int


def listen(sessions: Sessions, tell: Callable[[ScanShown], None]) -> None:
    """Tell of each new scan, once it is certain that it stays."""

    heard = type("Heard", (SyncSession,), {})

    def note(session: SyncSession, _context: object) -> None:
        new = [row for row in session.new if isinstance(row, Scan)]
        noted = [(row, ScanShown.model_validate(row)) for row in new]
        session.info.setdefault("scans", []).extend(noted)

    def committed(session: SyncSession) -> None:
        if session.in_nested_transaction():  # what is around it may still fail
            return
        for row, shown in session.info.pop("scans", []):
            if row in session:  # it was not rolled back
                tell(shown)

    event.listen(heard, "after_flush", note)
    event.listen(heard, "after_commit", committed)
    sessions.configure(sync_session_class=heard)


@asynccontextmanager
async def push_scans(app: FastAPI) -> AsyncIterator[None]:
    """Publish an app's scans to the screens of their depots."""

    def tell(scan: ScanShown) -> None:
        app.state.hub.publish(scan.depot, scan.model_dump_json())

    listen(app.state.sessions, tell)
    yield
