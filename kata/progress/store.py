"""The file behind progress: opened, made, and survived when it is damaged."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from kata.errors import KataError
from kata.progress.damage import identity, is_damage, set_aside
from kata.progress.locks import connect, exclusively, has_locks

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
CHANGE = "change.lock"
"""Held while files of the service are read, changed and written."""
TOLD = "without-locks"
"""Is there once the learner was told that the folder has no locks."""
WEAKER = (
    "This folder's file system has no file locks, so the course uses a folder of its "
    "own instead. Everything works; but where a program is killed while it writes, the "
    "next one waits some seconds, and two computers should not work in it at once."
)
ADVICE = {
    sqlite3.SQLITE_BUSY: "Close other programs that use it, then run it again.",
    sqlite3.SQLITE_READONLY: "It belongs to somebody else. Its owner lets a group in "
    "with `chmod -R g+w .kata`; `umask 002` does so for what is made from then on.",
}
"""What to do, by what SQLite says."""


@dataclass(frozen=True)
class Store:
    """One SQLite file. Whatever goes wrong with it is a `KataError`."""

    path: Path
    tell: Callable[[str], None]
    """Takes what the learner should be told, of a file that was set aside, say."""

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
                raise self._not_stored(error) from None
            aside = set_aside(self.path, before, wait=LOCK_WAIT)
            kept = aside or "progress.damaged-….db"
            raise KataError(
                f"The progress file was damaged. It is kept as {kept}.",
                "Your code is untouched. Run the cell again: a new file is made.",
            ) from None

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep every other program from changing the workspace meanwhile."""
        with ExitStack() as held:
            try:
                self._prepare()
                lock = self.path.with_name(CHANGE)
                held.enter_context(exclusively(lock, wait=LOCK_WAIT))
            except (sqlite3.Error, OSError) as error:
                raise self._not_stored(error) from None
            yield

    def _not_stored(self, error: Exception) -> KataError:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        advice = ADVICE.get(code, "Make the folder writable, or free some space.")
        reason = getattr(error, "strerror", None) or str(error)
        return KataError(f"Progress can't be stored in {self.path}: {reason}.", advice)

    def _connect(self) -> sqlite3.Connection:
        before = identity(self.path)
        try:
            return self._connect_once()
        except sqlite3.Error as error:
            if not is_damage(error):
                raise
        if name := set_aside(self.path, before, wait=LOCK_WAIT):
            self.tell(
                f"The progress file was damaged. It is kept as {name}; a new one was "
                "made. Your code is untouched: run the cells again to see their "
                "verdicts."
            )
        return self._connect_once()

    def _connect_once(self) -> sqlite3.Connection:
        try:
            self._prepare()
            db = connect(self.path, wait=LOCK_WAIT)
        except OSError as error:
            raise self._not_stored(error) from None
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

    def _prepare(self) -> None:
        """Make the folder, and none around it: the workspace may have moved."""
        folder = self.path.parent
        folder.mkdir(exist_ok=True)
        if not has_locks(folder) and not (folder / TOLD).exists():
            (folder / TOLD).touch()
            self.tell(WEAKER)
