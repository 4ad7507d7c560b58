"""Progress and history: one SQLite file in the workspace."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from kata.errors import KataError
from kata.verdict import Status

VERSION = 1
SCHEMA = """
CREATE TABLE IF NOT EXISTS attempts (
    id INTEGER PRIMARY KEY,
    kata TEXT NOT NULL,
    at TEXT NOT NULL,
    origin TEXT NOT NULL,
    source TEXT NOT NULL,
    status TEXT
);
CREATE TABLE IF NOT EXISTS regions (
    kata TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    status TEXT
);
CREATE TABLE IF NOT EXISTS hints (kata TEXT PRIMARY KEY, shown INTEGER NOT NULL);
"""
LOCK_WAIT = 5.0


class Origin(StrEnum):
    """Where a piece of history came from."""

    CELL = "cell"
    EDITOR = "editor"
    REFERENCE = "reference"


@dataclass(frozen=True)
class Attempt:
    """One thing that was run, or that was kept before it was replaced."""

    id: int
    kata: str
    at: str
    origin: Origin
    source: str
    status: Status | None


@dataclass(frozen=True)
class WrittenRegion:
    """The cell that a region of the service was last written from."""

    source: str
    status: Status | None


@dataclass
class Progress:
    """What was tried and what passed. Each call is a transaction of its own."""

    path: Path
    on_damage: Callable[[str], None] = field(default=lambda _: None)

    def remember(self, kata: str, source: str, origin: Origin = Origin.CELL) -> int:
        """Store an attempt before it is run, and return its number."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self._open() as db:
            cursor = db.execute(
                "INSERT INTO attempts (kata, at, origin, source) VALUES (?, ?, ?, ?)",
                (kata, now, origin, _storable(source)),
            )
            return cursor.lastrowid or 0

    def conclude(self, attempt: int, status: Status) -> None:
        """Store what an attempt came to."""
        with self._open() as db:
            db.execute("UPDATE attempts SET status = ? WHERE id = ?", (status, attempt))

    def history(self, kata: str) -> list[Attempt]:
        """Return a kata's attempts, oldest first."""
        with self._open() as db:
            rows = db.execute(
                "SELECT id, kata, at, origin, source, status FROM attempts"
                " WHERE kata = ? ORDER BY id",
                (kata,),
            ).fetchall()
        return [
            Attempt(number, name, at, Origin(origin), source, _status(status))
            for number, name, at, origin, source, status in rows
        ]

    def write_region(self, kata: str, source: str) -> None:
        """Store the cell that a region was written from; its status is open again."""
        with self._open() as db:
            db.execute(
                "INSERT OR REPLACE INTO regions (kata, source) VALUES (?, ?)",
                (kata, _storable(source)),
            )

    def judge_region(self, kata: str, status: Status) -> None:
        """Store what the region as last written came to."""
        with self._open() as db:
            db.execute("UPDATE regions SET status = ? WHERE kata = ?", (status, kata))

    def regions(self) -> dict[str, WrittenRegion]:
        """Return what each region was last written from, by kata."""
        with self._open() as db:
            rows = db.execute("SELECT kata, source, status FROM regions").fetchall()
        return {
            kata: WrittenRegion(source, _status(status))
            for kata, source, status in rows
        }

    def next_hint(self, kata: str, rungs: int) -> int:
        """Return the index of the next hint, the last one again once all were read."""
        with self._open() as db:
            row = db.execute(
                "SELECT shown FROM hints WHERE kata = ?", (kata,)
            ).fetchone()
            shown = row[0] if row else 0
            db.execute(
                "INSERT OR REPLACE INTO hints VALUES (?, ?)",
                (kata, min(shown + 1, rungs)),
            )
        return min(int(shown), rungs - 1)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(self._connect()) as db, db:
                yield db
        except sqlite3.OperationalError as error:
            raise KataError(
                f"Progress can't be stored in {self.path}: {error}.",
                "Close other programs that use it, make the folder writable, "
                "or free some space.",
            ) from None
        except sqlite3.DatabaseError:
            raise KataError(
                f"The progress file was damaged. It is kept as {self._set_aside()}.",
                "Your code is untouched. Run the cell again: a new file is made.",
            ) from None

    def _connect(self) -> sqlite3.Connection:
        try:
            return self._connect_once()
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            self.on_damage(
                f"The progress file was damaged. It is kept as {self._set_aside()}; a "
                "new one was made. Your code is untouched: run the cells again to see "
                "their verdicts."
            )
            return self._connect_once()

    def _connect_once(self) -> sqlite3.Connection:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise sqlite3.OperationalError(error.strerror) from None
        db = sqlite3.connect(self.path, timeout=LOCK_WAIT)
        try:
            (version,) = db.execute("PRAGMA user_version").fetchone()
            if version > VERSION:
                raise KataError(
                    f"{self.path} was made by a newer version of the course.",
                    "Install that version, or make a new one: `kata start FOLDER`.",
                )
            if version < VERSION:
                db.executescript(SCHEMA + f"PRAGMA user_version = {VERSION};")
            (health,) = db.execute("PRAGMA quick_check(1)").fetchone()
            if health != "ok":
                raise sqlite3.DatabaseError(health)
        except BaseException:
            db.close()
            raise
        return db

    def _set_aside(self) -> str:
        number = 1
        while (aside := self.path.with_name(f"progress.damaged-{number}.db")).exists():
            number += 1
        self.path.rename(aside)
        return aside.name


def _status(text: str | None) -> Status | None:
    return Status(text) if text else None


def _storable(source: str) -> str:
    # SQLite refuses lone surrogates; what can't be stored is stored escaped.
    return source.encode("utf-8", "backslashreplace").decode()
