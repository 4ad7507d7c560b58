"""`kata doctor`: whether this machine is ready, and what mends it."""

import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import typer

from kata import kernel, workspace
from kata.errors import KataError

ROOM = 500_000_000
"""Bytes of free disk that JupyterLab and a workspace are comfortable with."""
PORTS = {8888: "JupyterLab (`kata start` takes the next free one)", 8000: "`kata run`"}
REINSTALL = "`uv sync` in the clone, or install the course again."


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `mend` is empty where it is fine."""

    what: str
    mend: str = ""


def doctor() -> None:
    """Say whether Python, versions, kernel, ports and disk are right.

    Example: kata doctor
    """
    sick = False
    for examine in EXAMINATIONS:
        for finding in examine():
            sick = sick or bool(finding.mend)
            typer.echo(f"{'mend' if finding.mend else 'ok':<6}{finding.what}")
            if finding.mend:
                typer.echo(f"      {finding.mend}")
    typer.echo("Some things need mending." if sick else "Ready.")
    raise typer.Exit(1 if sick else 0)


def python() -> Iterator[Finding]:
    """Look at the interpreter."""
    version = ".".join(str(number) for number in sys.version_info[:3])
    if sys.version_info < (3, 11):  # noqa: UP036 - said to people who force it
        yield Finding(f"Python {version} is too old.", "Install Python 3.11 or newer.")
    else:
        yield Finding(f"Python {version} ({sys.executable})")


def versions() -> Iterator[Finding]:
    """Compare what is installed with what the course pins."""
    wrong = wrong_versions()
    if wrong:
        yield Finding(
            "Other versions than the course's: " + "; ".join(wrong), REINSTALL
        )
    else:
        yield Finding("Every package has the version the course was made with")


def wrong_versions() -> list[str]:
    """Return a phrase for each package that is missing or has another version."""
    from packaging.requirements import Requirement

    wrong = []
    for text in metadata.requires("fastapi-katas") or ():
        needed = Requirement(text)
        if needed.marker and not needed.marker.evaluate({"extra": ""}):
            continue
        try:
            have = metadata.version(needed.name)
        except metadata.PackageNotFoundError:
            have = "none"
        if have == "none" or not needed.specifier.contains(have, prereleases=True):
            wrong.append(f"{needed.name} {have} (course: {needed.specifier})")
    return wrong


def jupyter_kernel() -> Iterator[Finding]:
    """Look whether the course's kernel is installed and runs this Python."""
    python_of_kernel = kernel.installed_python()
    mend = "`kata start --no-server` installs it."
    if python_of_kernel is None:
        yield Finding("The kernel “FastAPI Katas” is not installed.", mend)
    elif Path(python_of_kernel) != Path(sys.executable):
        yield Finding(f"The kernel runs another Python: {python_of_kernel}.", mend)
    else:
        yield Finding("The kernel “FastAPI Katas” runs this Python")


def ports() -> Iterator[Finding]:
    """Look whether the usual ports are free."""
    for port, user in PORTS.items():
        with socket.socket() as probe:
            free = bool(probe.connect_ex(("127.0.0.1", port)))
        state = "is free" if free else "is taken; choose another if you need it"
        yield Finding(f"Port {port} {state}: {user}")


def disk() -> Iterator[Finding]:
    """Look at the free space here."""
    free = shutil.disk_usage(Path.cwd()).free
    room = f"{free / 1e9:.1f} GB free here"
    yield Finding(room, "Free at least 0.5 GB." if free < ROOM else "")


def folder() -> Iterator[Finding]:
    """Look for the workspace and at its progress file."""
    try:
        place = workspace.find()
    except KataError:
        yield Finding("No workspace here yet: `kata start` makes one")
        return
    try:
        workspace.write_atomically(place.root / workspace.MARKER / "doctor", "ok\n")
        (place.root / workspace.MARKER / "doctor").unlink()
    except KataError as error:
        yield Finding(error.happened, error.next_step)
    else:
        yield Finding(f"Your workspace: {place.root}")


EXAMINATIONS: tuple[Callable[[], Iterator[Finding]], ...] = (
    python,
    versions,
    jupyter_kernel,
    ports,
    disk,
    folder,
)
