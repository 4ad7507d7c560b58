"""The file behind progress: opened, made, and survived when it is damaged."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from kata.errors import KataError
from kata.progress.damage import identity, is_damage, set_aside

VERSION = 2
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
UPDATE regions SET status = 'given' WHERE status = 'passed' AND 'reference' = (
    SELECT origin FROM attempts
    WHERE attempts.kata = regions.kata AND attempts.source = regions.source
    ORDER BY id DESC LIMIT 1
);
"""
"""Makes the tables. Version 1 took what the reference had filled in for a pass."""
LOCK_WAIT = 5.0
"""Seconds to wait for another program that writes."""


@dataclass(frozen=True)
class Store:
    """One SQLite file. Whatever goes wrong with it is a `KataError`."""

    path: Path
    on_damage: Callable[[str], None]
    """Takes what the learner should be told of a file that was set aside."""

    @contextmanager
    def open(self) -> Iterator[sqlite3.Connection]:
        """Open the file for one transaction, which is undone where an error ends it.

        A damaged file is set aside: before the transaction, a new one takes its place;
        in the midst of it, that is a `KataError`.
        """
        before = identity(self.path)
        try:
            with closing(self._connect()) as db, db:
                yield db
        except (sqlite3.Error, ValueError) as error:
            if not is_damage(error):
                raise self._not_stored(str(error)) from None
            aside = set_aside(self.path, before, wait=LOCK_WAIT)
            kept = aside or "progress.damaged-….db"
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
        before = identity(self.path)
        try:
            return self._connect_once()
        except sqlite3.Error as error:
            if not is_damage(error):
                raise
        if name := set_aside(self.path, before, wait=LOCK_WAIT):
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
