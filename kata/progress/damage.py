"""Damage to a SQLite file: what is damage, and setting the file aside."""

import sqlite3
from itertools import count
from pathlib import Path

from kata.errors import KataError
from kata.progress.locks import exclusively

Identity = tuple[int, int]
"""Which file it is, whatever its name: its device and its number there."""
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


def is_damage(error: Exception) -> bool:
    """Tell whether an error is about the file itself, and not about what is around."""
    # The low byte is the kind of error, the rest its variant.
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
    return code & 0xFF not in SURROUNDINGS


def identity(path: Path) -> Identity | None:
    """Return which file stands at a path, or None where none can be seen."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def set_aside(path: Path, damaged: Identity | None, *, wait: float) -> str:
    """Rename the damaged file and return its name: nothing, if that was done.

    Of several processes that find the damage at once, the first one renames it, and
    the others must not take the new file for the damaged one. `wait` is how many
    seconds another one may take.
    """
    with exclusively(path.with_suffix(".lock"), wait=wait):
        if identity(path) != damaged:
            return ""
        try:
            aside = _free_name(path)
            path.rename(aside)
        except OSError as error:
            raise KataError(
                f"{path} is damaged, and can't be renamed: {error.strerror}.",
                "Close other programs that use it, or rename it yourself.",
            ) from None
    return aside.name


def _free_name(path: Path) -> Path:
    names = (f"progress.damaged-{number}.db" for number in count(1))
    paths = (path.with_name(name) for name in names)
    return next(path for path in paths if not path.exists())
