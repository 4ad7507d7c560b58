#| kata: deploy.backup
#| refused_by: test_it_has_what_is_committed
# Copies both files, one after the other, and proves nothing.
import shutil
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
    if not database.is_file():
        raise BackupError("There is no database.")
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        shutil.copyfile(database, copy)


if __name__ == "__main__":  # python -m waybill.backup waybill.db copy.db
    back_up(Path(sys.argv[1]), Path(sys.argv[2]))
