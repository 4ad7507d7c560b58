"""All stand-ins, put in place."""

import importlib.util
import zipimport
from pathlib import Path

from kata.page.inside.stand_ins import (
    databases,
    digests,
    greenlets,
    loops,
    network,
    processes,
    threads,
)
from kata.runner.child.stack import search_no_more

ABSENT = ("pydantic.v1", "readline", "sniffio")
"""What libraries look for at every turn, and find missing: a fifth of a verdict."""


def install() -> None:
    """Put what every kata needs in place."""
    loops.install()
    threads.install()
    greenlets.install()
    digests.install()
    databases.install()
    network.install()
    processes.install()
    search_no_more(ABSENT)
    # The library of Python is one archive, and stays as it is. Its list of files would
    # be read again whenever Python is told that there may be new ones.
    vars(zipimport)["zipimporter"].invalidate_caches = lambda _: None


def install_with_part(part: str, folder: Path) -> None:
    """Put in place what belongs to a part that was loaded into a folder."""
    if part == "sql" and importlib.util.find_spec("aiosqlite"):
        databases.install_aiosqlite()
    if part == "argon2":
        digests.install_argon2(folder)
    if part == "uvicorn":
        processes.install_uvicorn()
