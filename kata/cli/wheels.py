"""The packages of the course in a folder, for a room without a good network."""

import importlib.util
import platform
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import typer

import kata
from kata.cli.output import say
from kata.course.pins import COURSE
from kata.errors import KataError


def download(folder: Path) -> None:
    """Download each pinned package, build the course, and say how to install both.

    pip does it, through whatever index it is set up with.
    """
    _refuse(folder)
    pins = _pins()
    typer.echo(f"Downloading {len(pins)} packages to {folder}.")
    _pip("download", "--only-binary", ":all:", "--dest", str(folder), *pins)
    clone = Path(kata.__file__).parents[1]
    typer.echo()
    if (clone / "pyproject.toml").exists():
        _pip("wheel", "--no-deps", "--wheel-dir", str(folder), str(clone))
        typer.echo()
    else:
        say("Now copy the wheel of the course itself into that folder as well.")
    python = ".".join(platform.python_version_tuple()[:2])
    say(
        f"They fit Python {python} on {platform.system()} {platform.machine()}. There, "
        "in a virtual environment, this installs the course without a network:"
    )
    typer.echo(f'pip install --no-index --find-links "{folder}" {COURSE}')


def _refuse(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise KataError(f"{folder} is a file, not a folder.", "Name another.")
    spec = importlib.util.find_spec("pip")
    if spec is None or importlib.util.find_spec("pip.__main__") is None:
        raise KataError(
            f"This Python has no pip: {sys.executable}.",
            f"`uv pip install pip` or `{sys.executable} -m ensurepip` brings it; "
            "then say this again.",
        )


def _pins() -> list[str]:
    """Return what the course needs here: what is for other systems stays out."""
    from packaging.requirements import Requirement

    try:
        needed = [Requirement(line) for line in metadata.requires(COURSE) or []]
    except metadata.PackageNotFoundError:
        raise KataError(
            "The course is not installed in this Python.",
            "In a clone: `uv sync`. Otherwise install the course again.",
        ) from None
    here = [one for one in needed if not one.marker or one.marker.evaluate()]
    for one in here:
        one.marker = None
    return sorted(map(str, here))


def _pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", *arguments]
    sys.stdout.flush()
    if subprocess.run(command, check=False).returncode:  # noqa: S603 - our own pip
        raise KataError(
            "pip did not get everything; it says why above.",
            "Look at the network, and at `pip config list` for the index. Said again, "
            "it goes on with what is missing.",
        )
