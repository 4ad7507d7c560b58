#| kata: deploy.backup
#| refused_by: test_it_has_what_is_committed
# Works in a folder that may be on another disk.
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path


class BackupError(RuntimeError):
    """There is no copy that anybody could rely on."""


def prove(copy: Path) -> None:
    """Refuse a copy that is damaged, or whose rows name others that aren't there."""
    with closing(sqlite3.connect(copy)) as connection:
        (said,) = connection.execute("PRAGMA integrity_check").fetchone()
        lost = connection.execute("PRAGMA foreign_key_check").fetchall()
    if said != "ok" or lost:
        raise BackupError(f"The copy is damaged: {said}, {len(lost)} rows lost theirs.")


def back_up(database: Path, copy: Path) -> None:
    """Copy a database that others write to; only a proven copy gets the name."""
    address = f"{database.absolute().as_uri()}?mode=rw"
    unfinished = Path(tempfile.gettempdir(), f"{copy.name}.part")
    unfinished.unlink(missing_ok=True)
    try:
        with (
            closing(sqlite3.connect(address, uri=True)) as source,
            closing(sqlite3.connect(unfinished)) as target,
        ):
            source.backup(target)
        prove(unfinished)
        unfinished.replace(copy)
    except sqlite3.Error as error:
        raise BackupError(f"There is no copy: {error}.") from error
    finally:
        unfinished.unlink(missing_ok=True)


if __name__ == "__main__":  # python -m waybill.backup waybill.db copy.db
    back_up(Path(sys.argv[1]), Path(sys.argv[2]))
