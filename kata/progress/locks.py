"""SQLite files that two programs share, also where a file system has no locks.

A folder on a network may refuse every lock. SQLite takes that for a file that somebody
else holds, and waits. There a folder beside the file stands for the lock: it keeps
programs apart as well, but one that is killed at that moment leaves it behind.
"""

import errno
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from functools import lru_cache
from pathlib import Path

NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP}
"""What a file system answers that has none."""
ABANDONED = 3.0
"""Seconds after which nobody is still holding such a folder: changes take a blink."""
LOOK = 0.02
"""Seconds between two looks at it."""


@lru_cache(maxsize=16)
def has_locks(folder: Path) -> bool:
    """Tell whether files in a folder can be locked, by locking one of its own."""
    if sys.platform in {"win32", "emscripten"}:  # the latter, a page, has one program
        return True
    import fcntl

    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in NO_LOCKS
    return True


def connect(path: Path, *, wait: float) -> sqlite3.Connection:
    """Open a SQLite file; `wait` is how many seconds another program may hold it.

    A new one is made here: SQLite would take away what the umask leaves to a group.
    """
    with suppress(FileExistsError):
        path.touch(exist_ok=False)
    if has_locks(path.parent):
        return sqlite3.connect(path, timeout=wait)
    _outwait(path.with_name(f"{path.name}.lock"))
    address = f"{path.absolute().as_uri()}?vfs=unix-dotfile"
    return sqlite3.connect(address, timeout=wait, uri=True)


@contextmanager
def exclusively(path: Path, *, wait: float) -> Iterator[None]:
    """Hold a lock that stands for something else; the file itself stays empty."""
    with closing(connect(path, wait=wait)) as lock:
        lock.execute("BEGIN EXCLUSIVE")
        yield


def _outwait(folder: Path) -> None:
    """Wait for a lock's folder to go, and remove it if its owner has died."""
    seen, since = None, time.monotonic()
    while (now := _made(folder)) is not None:
        if now != seen:
            seen, since = now, time.monotonic()
        elif time.monotonic() - since > ABANDONED:
            with suppress(OSError):
                folder.rmdir()
            return
        time.sleep(LOOK)


def _made(folder: Path) -> int | None:
    try:
        return folder.stat().st_mtime_ns
    except OSError:
        return None
