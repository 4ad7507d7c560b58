"""Runs a module as `python -m` does, with Waybill's clock as far ahead as a file says.

python -P moved_clock.py uvicorn waybill.main:app
python -P moved_clock.py waybill.sweep

Waybill and PyJWT tell the time by functions of their own; both are put forward. Limits
and caches count by a clock that nobody moves.
"""

import runpy
import sys
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

AHEAD = "ahead.txt"
"""In the current folder: by how many seconds."""


def ahead() -> timedelta:
    """Return by how much the clock is put forward at this moment."""
    return timedelta(seconds=float(Path(AHEAD).read_text(encoding="utf-8")))


class OfDatetime(type):
    """What is a `datetime` is a `Moved`, too: PyJWT asks its claims."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, datetime)


class Moved(datetime, metaclass=OfDatetime):
    """A `datetime` whose now is later."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        """Return this moment, and what the file says on top."""
        return datetime.now(tz) + ahead()


def main() -> None:
    """Move both clocks, then run a module with the arguments that follow its name."""
    from jwt import api_jwt

    from waybill import tables

    tables.now = lambda: Moved.now(UTC)
    api_jwt.datetime = Moved  # type: ignore[attr-defined, misc]
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
