"""`kata doctor`: whether this machine is ready, and what puts it right."""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Annotated

import typer

from kata.cli.context import find_workspace
from kata.cli.finding import Finding
from kata.course.find import find_course
from kata.errors import KataError
from kata.notebook import kernel
from kata.progress.progress import Progress
from kata.serving.ports import why_taken
from kata.workspace import workspace

ROOM = 500_000_000
"""Bytes of free disk that JupyterLab and a workspace are comfortable with."""
PORTS = {
    8888: "`kata start` takes another by itself.",
    8000: "`kata run --port 8001` takes another.",
}
REINSTALL = "In a clone: `uv sync`. Otherwise install the course again."


def doctor(
    *,
    wheels: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Download every package of the course for an install without network.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Look at Python, versions, kernel, ports and disk, then try it all.

    A right and a wrong answer are run to the end, in a terminal and in a notebook, and
    a page is served. Nothing of it is left behind.

    Example: kata doctor --wheels wheels

    Exit status: 0 ready, 1 something has to be fixed, 2 misuse or no download.
    """
    if wheels is not None:
        from kata.cli.wheels import download

        return download(wheels.expanduser().resolve())
    sick = False
    for finding in _findings():
        finding.show()
        sick = sick or bool(finding.fix)
    typer.echo("Some things have to be fixed." if sick else "Ready.")
    raise typer.Exit(1 if sick else 0)


def _findings() -> Iterator[Finding]:
    """Look at everything, and try it where nothing has to be fixed before."""
    sick = False
    for examine in EXAMINATIONS:
        for finding in examine():
            sick = sick or bool(finding.fix)
            yield finding
    if sick:
        yield Finding("Nothing was tried.", note="Fix what is named above first.")
        return
    from kata.cli.trial import trials  # it imports what is slow

    yield from trials()


def python() -> Iterator[Finding]:
    """Look at the interpreter."""
    version = ".".join(str(number) for number in sys.version_info[:3])
    if sys.version_info < (3, 11):  # noqa: UP036 - said to people who force it
        yield Finding(f"Python {version} is too old.", "Install Python 3.11 or newer.")
    else:
        yield Finding(f"Python {version}, {sys.executable}")


def versions() -> Iterator[Finding]:
    """Compare what is installed with what the course pins."""
    try:
        pins = metadata.requires("fastapi-katas") or []
    except metadata.PackageNotFoundError:
        yield Finding("The course is not installed in this Python.", REINSTALL)
        return
    wrong = [phrase for pin in pins if (phrase := _departure(pin))]
    if wrong:
        yield Finding(f"Not the course's versions: {'; '.join(wrong)}.", REINSTALL)
    else:
        yield Finding("Every package has the version the course was made with.")


def _departure(pin: str) -> str:
    """Return how what is installed departs from a pin, or nothing."""
    from packaging.requirements import Requirement

    needed = Requirement(pin)
    if needed.marker and not needed.marker.evaluate({"extra": ""}):
        return ""
    try:
        have = metadata.version(needed.name)
    except metadata.PackageNotFoundError:
        return f"{needed.name} is missing"
    if needed.specifier.contains(have, prereleases=True):
        return ""
    return f"{needed.name} {have}, pinned {needed.specifier}"


def course() -> Iterator[Finding]:
    """Look whether the lessons are where they should be."""
    here = find_course()
    try:
        missing = [
            path.name
            for path in map(here.lesson_path, here.curriculum.lessons)
            if not path.exists()
        ]
    except KataError as error:
        yield Finding(error.happened, error.next_step)
        return
    if missing:
        yield Finding(f"{here.root} lacks {', '.join(missing)}.", REINSTALL)
    else:
        yield Finding(f"The course: {here.root}")


def jupyter_kernel() -> Iterator[Finding]:
    """Look whether the course's kernel is installed and runs this Python."""
    python_of_kernel = kernel.installed_python()
    fix = "`kata start --no-server` installs it."
    if python_of_kernel is None:
        yield Finding(f"The kernel “{kernel.TITLE}” is not installed.", fix)
    elif not kernel.is_ours(python_of_kernel):
        yield Finding(
            f"The kernel “{kernel.TITLE}” runs another Python, {python_of_kernel}.",
            fix,
        )
    else:
        yield Finding(f"The kernel “{kernel.TITLE}” runs this Python.")


def ports() -> Iterator[Finding]:
    """Look whether the usual ports are free. A taken one is nobody's fault."""
    for port, advice in PORTS.items():
        if why_taken(port):
            yield Finding(f"Port {port} is taken.", note=advice)
        else:
            yield Finding(f"Port {port} is free.")


def servers() -> Iterator[Finding]:
    """Look for the programs that some checks start. Most of the course needs none."""
    try:
        katas = find_course().curriculum.katas
    except KataError:
        return  # it was said of the course
    for kata in katas:
        if not kata.has_server:
            yield Finding(
                f"{kata.id} can't be checked here: there is no {kata.server}.",
                note="All else works. Its verdict says how to get one.",
            )


def disk(room: int = ROOM) -> Iterator[Finding]:
    """Look at the free space here."""
    free = shutil.disk_usage(Path.cwd()).free
    fix = f"Free at least {room / 1e9:.1f} GB." if free < room else ""
    yield Finding(f"{free / 1e9:.1f} GB of disk are free here.", fix)


def folder() -> Iterator[Finding]:
    """Look for the workspace, whether it can be written to, and at its progress."""
    try:
        place = find_workspace()
    except KataError as error:
        if os.environ.get(workspace.VARIABLE):  # asked for by name, and not there
            yield Finding(error.happened, error.next_step)
        else:
            yield Finding(error.happened, note=error.next_step)
        return
    try:
        with tempfile.TemporaryFile(dir=place.root):
            pass
    except OSError as error:
        yield Finding(
            f"Nothing can be written to {place.root}: {error.strerror}.",
            "Make it writable, or make a workspace elsewhere: `kata start FOLDER`.",
        )
        return
    notes: list[str] = []
    try:
        Progress(place.progress_path, notes.append).regions()
    except KataError as error:
        yield Finding(error.happened, error.next_step)
    else:
        yield Finding(f"Your workspace: {place.root}", note=" ".join(notes))


EXAMINATIONS: tuple[Callable[[], Iterator[Finding]], ...] = (
    python,
    versions,
    course,
    jupyter_kernel,
    ports,
    servers,
    disk,
    folder,
)
