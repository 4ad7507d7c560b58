"""The workspace that was opened last: for commands that are typed anywhere else."""

from contextlib import suppress
from pathlib import Path

from jupyter_core.paths import jupyter_data_dir

from kata.errors import KataError
from kata.workspace.workspace import MARKER, Workspace, write_atomically

FILE = "fastapi-katas/last-workspace"
"""Where Jupyter keeps what belongs to a user."""


def note(place: Workspace) -> None:
    """Remember that a workspace was opened; where that can't be kept, nothing is."""
    with suppress(KataError):
        write_atomically(_file(), f"{place.root}\n")


def last() -> Workspace | None:
    """Return the workspace that was opened last, if there was one; it may be gone."""
    with suppress(OSError, UnicodeError):
        if named := _file().read_text(encoding="utf-8").removesuffix("\n"):
            return Workspace(Path(named))
    return None


def exists(place: Workspace) -> bool:
    """Tell whether a workspace is still there."""
    return (place.root / MARKER).is_dir()


def _file() -> Path:
    return Path(jupyter_data_dir(), FILE)
