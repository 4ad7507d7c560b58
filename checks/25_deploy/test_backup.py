"""Checks of deploy.backup: a copy of a database that others write to."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

TABLES = """
PRAGMA journal_mode = WAL;
CREATE TABLE accounts (id INTEGER PRIMARY KEY, email TEXT);
CREATE TABLE parcels (
  id INTEGER PRIMARY KEY, sender_id INTEGER REFERENCES accounts (id), note TEXT
);
INSERT INTO accounts VALUES (7, 'lena@example.com');
"""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database's file."""
    folder = tmp_path / "a #folder"  # `#` and blanks mean something in an address
    folder.mkdir()
    return folder / "way bill.db"


@pytest.fixture
def writer(database: Path) -> Iterator[sqlite3.Connection]:
    """Somebody who writes to it, and goes on doing so."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.executescript(TABLES)
        yield connection


def rows(path: Path) -> list[str]:
    """Return the notes of the parcels in a database."""
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT note FROM parcels ORDER BY id")
        return [note for (note,) in found]


def add(writer: sqlite3.Connection, *notes: str, sender: int = 7) -> None:
    """Write parcels."""
    for note in notes:
        writer.execute(
            "INSERT INTO parcels (sender_id, note) VALUES (?, ?)", (sender, note)
        )


# - The copy has every row that was committed, while others have the database open.
def test_it_has_what_is_committed(
    database: Path, writer: sqlite3.Connection, tmp_path: Path
) -> None:
    """The copy has every row that was committed, while others have it open."""
    from waybill.backup import back_up

    add(writer, "books", "a lamp")
    copy = tmp_path / "copy.db"
    back_up(database, copy)
    try:
        found = rows(copy)
    except sqlite3.Error as error:
        raise AssertionError(f"The copy can't be read: {error}.") from None
    assert found == ["books", "a lamp"], (
        f"Two parcels were committed, and the copy has {found}. SQLite keeps what is "
        "new in a second file, `-wal`, for a while."
    )


# - The copy has every row that was committed, while others have the database open.
def test_it_has_nothing_else(
    database: Path, writer: sqlite3.Connection, tmp_path: Path
) -> None:
    """What somebody hasn't committed yet isn't in the copy, and nobody is held up."""
    from waybill.backup import back_up

    add(writer, "books")
    writer.execute("BEGIN IMMEDIATE")
    add(writer, "half a thought")
    copy = tmp_path / "copy.db"
    back_up(database, copy)
    writer.execute("COMMIT")
    assert rows(copy) == ["books"]
    assert rows(database) == ["books", "half a thought"], "The database has changed."


def back_up_badly(database: Path, copy: Path) -> Exception:
    """Return how a backup fails."""
    from waybill.backup import BackupError, back_up

    try:
        back_up(database, copy)
    except BackupError as error:
        return error
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told
        raise AssertionError(
            f"It failed with {type(error).__name__}: {error}. Wanted is a BackupError."
        ) from None
    raise AssertionError(
        "A backup that can't be relied on raised nothing: nobody will know until the "
        "day when it is needed."
    )


# - What fails is a `BackupError`: a database that isn't there, and a copy that
def test_a_database_that_is_not_there(tmp_path: Path) -> None:
    """A database that isn't there is a BackupError, and no empty one appears."""
    database, copy = tmp_path / "nowhere.db", tmp_path / "copy.db"
    back_up_badly(database, copy)
    left = sorted(one.name for one in tmp_path.iterdir() if one.suffix != ".ini")
    assert left == [], (
        f"There was no database, and now there is {left}. `sqlite3.connect` makes a "
        "file, unless its address says `mode=rw`."
    )


# - What fails is a `BackupError`: a database that isn't there, and a copy that
def test_no_database_at_all(tmp_path: Path) -> None:
    """A file that is no database is a BackupError."""
    database, copy = tmp_path / "notes.txt", tmp_path / "copy.db"
    database.write_text("Buy milk. " * 500, encoding="utf-8")
    back_up_badly(database, copy)
    assert not copy.exists()


# - What fails is a `BackupError`: a database that isn't there, and a copy that
# `prove` refuses.
def test_a_copy_is_proven(
    database: Path, writer: sqlite3.Connection, tmp_path: Path
) -> None:
    """A copy whose rows name others that aren't there is refused."""
    copy = tmp_path / "copy.db"
    writer.execute("PRAGMA foreign_keys = OFF")
    add(writer, "books", sender=99)
    back_up_badly(database, copy)
    assert not copy.exists(), "The copy was refused, and stands there all the same."


# - What fails is a `BackupError`: a database that isn't there, and a copy that
# `prove` refuses.
def test_a_damaged_copy_is_refused(
    database: Path, writer: sqlite3.Connection, tmp_path: Path
) -> None:
    """A copy that is damaged is refused."""
    writer.execute("CREATE INDEX notes ON parcels (note)")
    add(writer, *(f"{number} of many" for number in range(300)))
    writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    (root,) = writer.execute(
        "SELECT rootpage FROM sqlite_master WHERE name = 'notes'"
    ).fetchone()
    (size,) = writer.execute("PRAGMA page_size").fetchone()
    writer.close()
    with database.open("r+b") as file:
        file.seek((root - 1) * size + 8)
        file.write(b"\0" * 200)
    back_up_badly(database, tmp_path / "copy.db")


# - The copy gets its name when it is whole and proven. Until then, and if
def test_an_older_copy_stays(
    database: Path, writer: sqlite3.Connection, tmp_path: Path
) -> None:
    """If a backup fails, the copy of yesterday is still there, and nothing else."""
    from waybill.backup import back_up

    folder = tmp_path / "copies"
    folder.mkdir()
    copy = folder / "copy.db"
    add(writer, "books")
    back_up(database, copy)
    writer.execute("PRAGMA foreign_keys = OFF")
    add(writer, "a lamp", sender=99)
    back_up_badly(database, copy)
    assert copy.exists(), "A backup has failed, and yesterday's copy is gone."
    assert rows(copy) == ["books"], f"Yesterday's copy now has {rows(copy)}."
    left = sorted(one.name for one in folder.iterdir())
    assert left == ["copy.db"], f"A backup has failed, and left {left} behind."


# - The copy gets its name when it is whole and proven. Until then, and if
def test_a_newer_copy_takes_its_place(
    database: Path, writer: sqlite3.Connection, tmp_path: Path
) -> None:
    """A new copy takes the place of an older one, whatever that was."""
    from waybill.backup import back_up

    folder = tmp_path / "copies"
    folder.mkdir()
    copy = folder / "copy.db"
    copy.write_text("no database", encoding="utf-8")
    for note in ("books", "a lamp"):
        add(writer, note)
        back_up(database, copy)
    assert rows(copy) == ["books", "a lamp"]
    left = sorted(one.name for one in folder.iterdir())
    assert left == ["copy.db"], f"Beside the copy lies {left}."


# - The copy gets its name when it is whole and proven. Until then, and if
def test_it_has_no_name_before_it_is_proven(
    database: Path,
    writer: sqlite3.Connection,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """While a copy is proven it has another name, in the same folder."""
    from waybill import backup

    folder = tmp_path / "copies"
    folder.mkdir()
    copy = folder / "copy.db"
    add(writer, "books")
    shutil.copyfile(database, copy)
    before = copy.read_bytes()
    proven: list[Path] = []

    def prove(path: Path) -> None:
        proven.append(path)
        assert copy.read_bytes() == before, (
            "A copy that isn't proven yet has the name of one that is."
        )

    monkeypatch.setattr(backup, "prove", prove)
    backup.back_up(database, copy)
    assert [one.parent for one in proven] == [folder], (
        f"`prove` was called with {proven}; wanted is once, with a file in {folder}: "
        "from another disk a file can't take a name in one step."
    )
