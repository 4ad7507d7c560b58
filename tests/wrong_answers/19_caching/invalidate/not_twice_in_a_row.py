#| kata: caching.invalidate
#| refused_by: test_a_session_may_commit_again
# Doesn't drop what was the last to be dropped.
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from pydantic import PositiveFloat, PositiveInt
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import event
from sqlalchemy.orm import Session
from sqlalchemy.util import await_only

from waybill.cache import Cache, MemoryStore
from waybill.tables import Change, Parcel, Scan
from waybill.tracking import tracking_key


class CacheSettings(BaseSettings):
    """How long answers are kept, and how many; such as WAYBILL_CACHE_SECONDS."""

    model_config = SettingsConfigDict(
        env_prefix="WAYBILL_",
        env_file=".env",
        extra="ignore",
        hide_input_in_errors=True,
    )

    cache_seconds: PositiveFloat = 60
    cache_entries: PositiveInt = 10_000


def written_codes(session: Session) -> set[str]:
    """Return the codes of the parcels whose scans or changes a flush has written."""
    rows = [*session.new, *session.dirty, *session.deleted]
    numbers = {row.parcel_id for row in rows if isinstance(row, Scan | Change)}
    parcels = [session.get(Parcel, number) for number in numbers]
    return {parcel.tracking_code for parcel in parcels if parcel}


def listen(cache: Cache, sessions: type[Session]) -> None:
    """Let sessions of this class drop what they have made untrue."""

    def note(session: Session, _flush: object) -> None:
        session.info.setdefault("codes", set()).update(written_codes(session))

    def drop(session: Session) -> None:
        if not session.in_nested_transaction():
            last = getattr(cache, "last", None)
            for code in session.info.pop("codes", ()):
                if code != last:
                    await_only(cache.drop(tracking_key(code)))
                cache.last = code

    def forget(session: Session) -> None:
        if not session.in_nested_transaction():
            session.info.pop("codes", None)

    event.listen(sessions, "after_flush", note)
    event.listen(sessions, "after_commit", drop)
    event.listen(sessions, "after_rollback", forget)


@asynccontextmanager
async def open_cache(app: FastAPI) -> AsyncIterator[None]:
    """Give an app a cache, and sessions that tell it what they have changed."""
    settings = CacheSettings()
    store = MemoryStore(settings.cache_seconds, settings.cache_entries)
    app.state.cache = Cache(store)
    before = app.state.sessions.kw.get("sync_session_class", Session)
    own = type("AppSession", (before,), {})  # of this app, and of no other
    app.state.sessions.configure(sync_session_class=own)
    listen(app.state.cache, own)
    yield
