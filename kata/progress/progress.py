"""Progress and history: what is asked of one SQLite file in the workspace."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import InitVar, dataclass
from datetime import UTC, datetime
from pathlib import Path

from kata.errors import KataError
from kata.progress.records import Attempt, Origin, WrittenRegion
from kata.progress.store import Store
from kata.verdict import Status


@dataclass
class Progress:
    """What was tried and what passed. Each call is a transaction of its own."""

    path: InitVar[Path]
    tell: InitVar[Callable[[str], None]] = lambda _: None

    def __post_init__(self, path: Path, tell: Callable[[str], None]) -> None:
        self._store = Store(path, tell)
        self._changing = False

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let nobody else change the workspace meanwhile; a second call adds nothing.

        For what takes a blink: reading files, changing and writing them.
        """
        if self._changing:
            yield
            return
        with self._store.alone():
            self._changing = True
            try:
                yield
            finally:
                self._changing = False

    def remember(self, kata: str, source: str, origin: Origin = Origin.CELL) -> int:
        """Store an attempt before it is run, and return its number."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self._store.open() as db:
            cursor = db.execute(
                "INSERT INTO attempts (kata, at, origin, source) VALUES (?, ?, ?, ?)",
                (kata, now, origin, _storable(source)),
            )
            return cursor.lastrowid or 0

    def conclude(self, attempt: int, status: Status) -> None:
        """Store what an attempt came to."""
        with self._store.open() as db:
            db.execute("UPDATE attempts SET status = ? WHERE id = ?", (status, attempt))

    def history(self, kata: str) -> list[Attempt]:
        """Return a kata's attempts, oldest first."""
        with self._store.open() as db:
            rows = db.execute(
                "SELECT id, kata, at, origin, source, status FROM attempts"
                " WHERE kata = ? ORDER BY id",
                (kata,),
            )
            return [_attempt(*row) for row in rows]

    def attempts(self) -> list[Attempt]:
        """Return the attempts of all katas, oldest first."""
        with self._store.open() as db:
            rows = db.execute(
                "SELECT id, kata, at, origin, source, status FROM attempts ORDER BY id"
            )
            return [_attempt(*row) for row in rows]

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
        with self._store.open() as db:
            db.execute(
                "INSERT OR REPLACE INTO regions (kata, source) VALUES (?, ?)",
                (kata, _storable(source)),
            )

    def judge_region(
        self, kata: str, status: Status, source: str | None = None
    ) -> None:
        """Store what the region as last written came to.

        With the `source` that was judged, one that was written since stays unjudged.
        """
        with self._store.open() as db:
            db.execute(
                "UPDATE regions SET status = ?"
                " WHERE kata = ? AND source = ifnull(?, source)",
                (status, kata, source if source is None else _storable(source)),
            )

    def regions(self) -> dict[str, WrittenRegion]:
        """Return what each region was last written from, by kata."""
        with self._store.open() as db:
            rows = db.execute("SELECT kata, source, status FROM regions")
            return {
                kata: WrittenRegion(source, _status(status))
                for kata, source, status in rows
            }

    def next_hint(self, kata: str, rungs: int) -> int:
        """Return the index of the next hint, the last one again once all were read."""
        with self._store.open() as db:
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

    def hints(self) -> dict[str, int]:
        """Return how many hints were read, of each kata of which any was."""
        with self._store.open() as db:
            return dict(db.execute("SELECT kata, shown FROM hints"))

    def read_hints(self, kata: str, rungs: int) -> None:
        """Note that all of a kata's hints were read."""
        with self._store.open() as db:
            db.execute("INSERT OR REPLACE INTO hints VALUES (?, ?)", (kata, rungs))


def _attempt(  # one of SQLite's rows
    number: int, kata: str, at: str, origin: str, source: str, status: str | None
) -> Attempt:
    return Attempt(number, kata, at, Origin(origin), source, _status(status))


def _status(text: str | None) -> Status | None:
    return Status(text) if text else None


def _storable(source: str) -> str:
    # SQLite refuses lone surrogates; what can't be stored is stored escaped.
    return source.encode("utf-8", "backslashreplace").decode()
