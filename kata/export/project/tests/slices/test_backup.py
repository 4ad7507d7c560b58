"""Backups of SQLite."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from waybill.backup import BackupError, back_up


# needs: deploy.backup
def test_a_backup_has_what_is_committed(tmp_path: Path) -> None:
    database, copy = tmp_path / "waybill.db", tmp_path / "copy.db"
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE parcels (id INTEGER PRIMARY KEY)")
        connection.execute("INSERT INTO parcels VALUES (7)")
        back_up(database, copy)
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT id FROM parcels").fetchall() == [(7,)]


def test_a_backup_of_nothing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BackupError):
        back_up(tmp_path / "nowhere.db", tmp_path / "copy.db")
    assert list(tmp_path.glob("*.db")) == []
