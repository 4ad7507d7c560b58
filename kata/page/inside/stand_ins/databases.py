"""SQLite without a thread of its own, and without a wait for a lock.

Nobody else can release a lock while this, the only thread, waits for it. So the time
that SQLite may wait is capped; a connection says what it was told all the same.
"""

import re
import sqlite3
from collections.abc import Callable
from typing import Any

WAIT = 0.1
"""Seconds to wait for a lock."""
USUAL = 5.0
"""Seconds that Python waits for one, where nobody says otherwise."""
BUSY = re.compile(
    r"\s*PRAGMA\s+busy_timeout\s*(=\s*(?P<time>\d+)\s*)?;?\s*", re.IGNORECASE
)
real_connect: Any = sqlite3.connect


class _Queue:
    """Does what is put into it at once."""

    def put_nowait(self, item: tuple[Any, Callable[[], Any]]) -> None:
        import aiosqlite.core as core

        settle: Any = vars(core)
        future, work = item
        try:
            value = work()
        except BaseException as error:  # whoever awaits the future gets it
            if future is None:
                raise
            settle["set_exception"](future, error)
        else:
            if future is not None:
                settle["set_result"](future, value)


class _Thread:
    """A thread that is never needed."""

    daemon = True

    def __init__(self, *_: object, **__: object) -> None:
        pass

    def start(self) -> None:
        pass

    def is_alive(self) -> bool:
        return True

    def join(self, timeout: float | None = None) -> None:
        pass


class _Impatient(sqlite3.Connection):
    """A connection that says it would wait as long as it was told to, and does not."""

    said = 0
    """The milliseconds that it was told."""

    def execute(self, sql: str, *rest: Any) -> sqlite3.Cursor:  # noqa: ANN401
        cursor: sqlite3.Cursor = self.cursor()
        return cursor.execute(sql, *rest)

    def cursor(self, factory: Any = None) -> Any:  # noqa: ANN401
        return super().cursor(factory or _Cursor)


class _Cursor(sqlite3.Cursor):
    def execute(self, sql: str, *rest: Any) -> "_Cursor":  # noqa: ANN401
        connection = self.connection
        if (found := BUSY.fullmatch(sql)) and isinstance(connection, _Impatient):
            connection.said = int(found["time"] or connection.said)
            return super().execute("SELECT ? AS timeout", (connection.said,))
        return super().execute(sql, *rest)


def connect(*args: Any, timeout: float = USUAL, **more: Any) -> sqlite3.Connection:  # noqa: ANN401
    """Connect to a database, as `sqlite3.connect` does."""
    more.setdefault("factory", _Impatient)
    connection: sqlite3.Connection = real_connect(
        *args, timeout=min(timeout, WAIT), **more
    )
    if isinstance(connection, _Impatient):
        connection.said = int(1000 * timeout)
    return connection


def install() -> None:
    """Cap the wait of every new connection."""
    vars(sqlite3)["connect"] = vars(sqlite3.dbapi2)["connect"] = connect


def install_aiosqlite() -> None:
    """Let aiosqlite do its work inline; it comes with a part of its own."""
    import aiosqlite.core as core

    vars(core)["SimpleQueue"], vars(core)["Thread"] = _Queue, _Thread
