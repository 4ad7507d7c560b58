"""A learner's Waybill is a development server, unless somebody says otherwise.

The service itself takes production for granted: a variable that was forgotten must not
make a real server careless. So whatever runs it here has to ask for development.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

VARIABLE = "WAYBILL_ENVIRONMENT"
DEVELOPMENT = {VARIABLE: "development"}


def wished(folder: Path) -> dict[str, str]:
    """Return what to set before serving from a folder: nothing, if it was said there.

    It may have been said in the environment, or in a file `.env`.
    """
    from dotenv import dotenv_values

    said = {*os.environ, *dotenv_values(folder / ".env", encoding="utf-8")}
    # The service reads its variables in any case, so theirs counts in any.
    return {} if VARIABLE in {name.upper() for name in said} else DEVELOPMENT


@contextmanager
def developing() -> Iterator[None]:
    """Ask for development while something imports the service in this process."""
    before = os.environ.get(VARIABLE)
    os.environ.setdefault(VARIABLE, DEVELOPMENT[VARIABLE])
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(VARIABLE, None)
