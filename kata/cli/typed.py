"""What to type to call `kata` again: it depends on how it was installed and started."""

import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
from contextlib import suppress
from pathlib import Path

from kata.errors import KataError
from kata.workspace.workspace import Workspace, write_atomically

REDIRECT = ".venv"
"""What uv looks for where it finds no project."""


def lines_for(place: Workspace) -> list[str]:
    """Return the lines to type in a terminal to work in a workspace."""
    kata = command("kata", place)
    return [
        quoted("cd", str(place.root)),
        kata,
        f"{kata} check",
        f"{command('python', place)} -m pytest tests",
    ]


def command(program: str, place: Workspace) -> str:
    """Return how to call a program of this environment from a workspace."""
    project = _project()
    if os.environ.get("UV") and project:
        # uv finds the project around the folder; from elsewhere it has to be told.
        found = place.root.is_relative_to(project)
        where = () if found else ("--project", str(project))
        return quoted("uv", "run", *where, program)
    scripts = Path(sysconfig.get_path("scripts"))
    called = shutil.which(program)
    if called and Path(called).parent == scripts:
        return program
    if program == "python":
        return quoted(sys.executable)
    there = shutil.which(program, path=str(scripts))
    if there is None:
        return quoted(sys.executable, "-m", program)
    # Installers of tools put a link onto the path.
    linked = called and Path(called).resolve() == Path(there).resolve()
    return program if linked else quoted(there)


def lead_uv_to_this_environment(place: Workspace) -> None:
    """Let `uv run kata` work in a workspace that lies outside of the project.

    A file, and not a link: whoever packs the folder must not pack the environment.
    """
    project = _project()
    is_needed = project and not place.root.is_relative_to(project)
    with suppress(KataError):
        if is_needed and not os.path.lexists(place.root / REDIRECT):
            write_atomically(place.root / REDIRECT, f"{sys.prefix}\n")


def quoted(*words: str) -> str:
    """Return words as a line for the shell of this system."""
    if os.name == "nt":
        return subprocess.list2cmdline(words)
    return shlex.join(words)


def _project() -> Path | None:
    """Return the folder of the project that this environment belongs to, if any."""
    folder = Path(sys.prefix).parent
    return folder if (folder / "pyproject.toml").exists() else None
