#| kata: deploy.backup
#| refused_by: test_a_database_that_is_not_there
# Lets SQLite's own error out.
import sqlite3
import sys
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
    unfinished = copy.with_name(f"{copy.name}.part")
    unfinished.unlink(missing_ok=True)
    try:
        with (
            closing(sqlite3.connect(address, uri=True)) as source,
            closing(sqlite3.connect(unfinished)) as target,
        ):
            source.backup(target)
        prove(unfinished)
        unfinished.replace(copy)
    finally:
        unfinished.unlink(missing_ok=True)


if __name__ == "__main__":  # python -m waybill.backup waybill.db copy.db
    back_up(Path(sys.argv[1]), Path(sys.argv[2]))
