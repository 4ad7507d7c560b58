"""What several processes of one run of pytest need, made by the first that asks."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.helpers.cli import eventually

DONE = "done"
"""A file that stands in such a folder once it is made; it says what went wrong."""
LONGEST = 600.0
"""Seconds that the making may take: a site takes some 15 of a core, and a slow machine
has other workers beside it."""


def made_once(
    factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]
) -> Path:
    """Return a folder that `make` has filled, here or in another process; only read it.

    Where that failed it fails in each of them, and is not tried again.
    """
    run = factory.getbasetemp()
    folder = (run.parent if "PYTEST_XDIST_WORKER" in os.environ else run) / name
    done = folder / DONE
    try:
        folder.mkdir()
    except FileExistsError:
        eventually(done.exists, LONGEST)
    else:
        try:
            make(folder)
        except BaseException as error:
            _say(done, f"{type(error).__name__}: {error}")
            raise
        _say(done, "")
    said = done.read_text("utf-8")
    assert not said, f"{name} could not be made: {said}"
    return folder


def _say(file: Path, words: str) -> None:
    # Whoever waits sees all of it, or nothing yet.
    part = file.with_suffix(".part")
    part.write_text(words, encoding="utf-8")
    part.replace(file)
