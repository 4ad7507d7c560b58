"""Progress and history: one SQLite file in the workspace."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from itertools import count
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
"""Seconds to wait for another program that writes."""
SURROUNDINGS = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
}
"""What SQLite says when something around the file is wrong; all else is damage."""


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
            )
            return [
                Attempt(number, name, at, Origin(origin), source, _status(status))
                for number, name, at, origin, source, status in rows
            ]

    def attempt(self, kata: str, number: int) -> Attempt:
        """Return a kata's attempt by its number, from 1; none such is a `KataError`."""
        found = self.history(kata)
        if 0 < number <= len(found):
            return found[number - 1]
        raise KataError(
            f"{kata} has no attempt {number}; it has {len(found)}.",
            f"`kata history {kata}` lists them.",
        )

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
            rows = db.execute("SELECT kata, source, status FROM regions")
            return {
                kata: WrittenRegion(source, _status(status))
                for kata, source, status in rows
            }

    def next_hint(self, kata: str, rungs: int) -> int:
        """Return the index of the next hint, the last one again once all were read."""
        with self._open() as db:
            db.execute("BEGIN IMMEDIATE")
            row = db.execute(
                "SELECT shown FROM hints WHERE kata = ?", (kata,)
            ).fetchone()
            shown = row[0] if row else 0
            db.execute(
                "INSERT OR REPLACE INTO hints VALUES (?, ?)",
                (kata, min(shown + 1, rungs)),
            )
        return min(int(shown), rungs - 1)

    def read_hints(self, kata: str, rungs: int) -> None:
        """Note that all of a kata's hints were read."""
        with self._open() as db:
            db.execute("INSERT OR REPLACE INTO hints VALUES (?, ?)", (kata, rungs))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        before = self._identity()
        try:
            with closing(self._connect()) as db, db:
                yield db
        except (sqlite3.Error, ValueError) as error:
            if not _is_damage(error):
                raise self._not_stored(str(error)) from None
            kept = self._set_aside(before) or "progress.damaged-….db"
            raise KataError(
                f"The progress file was damaged. It is kept as {kept}.",
                "Your code is untouched. Run the cell again: a new file is made.",
            ) from None

    def _not_stored(self, reason: str) -> KataError:
        return KataError(
            f"Progress can't be stored in {self.path}: {reason}.",
            "Close other programs that use it, make the folder writable, "
            "or free some space.",
        )

    def _connect(self) -> sqlite3.Connection:
        before = self._identity()
        try:
            return self._connect_once()
        except sqlite3.Error as error:
            if not _is_damage(error):
                raise
        if name := self._set_aside(before):
            self.on_damage(
                f"The progress file was damaged. It is kept as {name}; a new one was "
                "made. Your code is untouched: run the cells again to see their "
                "verdicts."
            )
        return self._connect_once()

    def _connect_once(self) -> sqlite3.Connection:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._not_stored(error.strerror or str(error)) from None
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

    def _identity(self) -> tuple[int, int] | None:
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def _set_aside(self, damaged: tuple[int, int] | None) -> str:
        """Rename the damaged file and return its name: nothing, if that was done.

        Of several processes that find the damage at once, the first one renames it, and
        the others must not take the new file for the damaged one.
        """
        lock = sqlite3.connect(self.path.with_suffix(".lock"), timeout=LOCK_WAIT)
        with closing(lock):
            lock.execute("BEGIN EXCLUSIVE")
            if self._identity() != damaged:
                return ""
            try:
                aside = self._free_name()
                self.path.rename(aside)
            except OSError as error:
                raise KataError(
                    f"{self.path} is damaged, and can't be renamed: {error.strerror}.",
                    "Close other programs that use it, or rename it yourself.",
                ) from None
        return aside.name

    def _free_name(self) -> Path:
        names = (f"progress.damaged-{number}.db" for number in count(1))
        paths = (self.path.with_name(name) for name in names)
        return next(path for path in paths if not path.exists())


def _is_damage(error: Exception) -> bool:
    # The low byte is the kind of error, the rest its variant.
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
    return code & 0xFF not in SURROUNDINGS


def _status(text: str | None) -> Status | None:
    return Status(text) if text else None


def _storable(source: str) -> str:
    # SQLite refuses lone surrogates; what can't be stored is stored escaped.
    return source.encode("utf-8", "backslashreplace").decode()
