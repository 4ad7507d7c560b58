"""The packages of the course in a folder, for a room without a good network."""

import importlib.util
import platform
import subprocess
import sys
import typing
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path

import typer

import kata
from kata.cli.output import say
from kata.course.pins import COURSE
from kata.errors import KataError

if typing.TYPE_CHECKING:
    from packaging.requirements import Requirement

PATCHES = 40
"""More releases of one Python version than there will ever be."""
OPTIONS = (
    "--no-deps",  # what is pinned is whole: there is nothing to resolve
    "--ignore-requires-python",  # it may be for another release than this one
    *("--only-binary", ":all:"),
    *("--progress-bar", "off"),
)
BEGUN = "Collecting "
"""How a line of pip's log begins for each package."""
REASONS = 5
"""Lines of pip's log that say what went wrong."""


def download(folder: Path) -> None:
    """Download each pinned package, build the course, and say how to install both.

    pip does it, through whatever index it is set up with.
    """
    if folder.exists() and not folder.is_dir():
        raise KataError(f"{folder} is a file, not a folder.", "Name another.")
    pip, pins = _pip(), _pins()
    into = [*OPTIONS, "--dest", str(folder)]
    label = f"Downloading {len(pins)} packages"
    with typer.progressbar(length=len(pins), label=label) as bar:
        for batch in _batches(pins):
            for line in _said([*pip, "download", *into, *map(str, batch)]):
                bar.update(line.lstrip().startswith(BEGUN))
    clone = Path(kata.__file__).parents[1]
    if (clone / "pyproject.toml").exists():
        typer.echo("Building the course itself")
        made = ["--no-deps", "--wheel-dir", str(folder), str(clone)]
        for _ in _said([*pip, "wheel", *made]):
            pass
    else:
        say("Now copy the wheel of the course itself into that folder as well.")
    files = [*folder.glob("*.whl")]
    size = sum(file.stat().st_size for file in files) / 1e6
    say(
        f"{folder} holds {len(files)} wheels, {size:.0f} MB. They fit every release of "
        f"Python {_version()} on {platform.system()} {platform.machine()}. There, in a "
        "virtual environment, one of these installs the course without a network:"
    )
    for command in ("pip install", "uv pip install"):
        typer.echo(f'{command} --no-index --find-links "{folder}" {COURSE}')


def _pip() -> list[str]:
    """Return how to call pip: this Python's, or the one that Python itself ships.

    An environment that uv made has none of its own.
    """
    spec = importlib.util.find_spec("pip")
    if spec and importlib.util.find_spec("pip.__main__"):
        return [sys.executable, "-m", "pip"]
    if shipped := importlib.util.find_spec("ensurepip"):
        around = Path(shipped.origin or "").parent / "_bundled"
        for wheel in sorted(around.glob("pip-*.whl")):
            return [sys.executable, str(wheel / "pip")]
    raise KataError(
        f"This Python has no pip, and can't bring one: {sys.executable}.",
        "`uv pip install pip` brings it, or your system's package python3-venv; then "
        "say this again.",
    )


def _pins() -> list["Requirement"]:
    """Return what the course needs on this system, under any release of this Python."""
    from packaging.requirements import Requirement

    try:
        needed = [Requirement(line) for line in metadata.requires(COURSE) or []]
    except metadata.PackageNotFoundError:
        raise KataError(
            "The course is not installed in this Python.",
            "In a clone: `uv sync`. Otherwise install the course again.",
        ) from None
    here = [one for one in needed if _is_needed(one)]
    for one in here:
        one.marker = None
    return sorted(here, key=str)


def _batches(pins: Iterable["Requirement"]) -> list[list["Requirement"]]:
    """Return the pins in lists that hold no package twice.

    Releases of one Python may need two versions of it; pip takes one at a time.
    """
    batches: list[list[Requirement]] = []
    for pin in pins:
        fitting = (
            batch for batch in batches if pin.name not in {one.name for one in batch}
        )
        batch = next(fitting, None)
        if batch is None:
            batches.append(batch := [])
        batch.append(pin)
    return batches


def _is_needed(requirement: "Requirement") -> bool:
    """Tell whether any release of this Python version needs a package."""
    marker = requirement.marker
    releases = (f"{_version()}.{patch}" for patch in range(PATCHES))
    return marker is None or any(
        marker.evaluate({"python_full_version": release, "extra": ""})
        for release in releases
    )


def _version() -> str:
    return ".".join(platform.python_version_tuple()[:2])


def _said(command: list[str]) -> Iterator[str]:
    """Yield what a command prints, line by line; show it only where it failed."""
    log: list[str] = []
    with subprocess.Popen(  # noqa: S603 - our own pip
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            log.append(line)
            yield line
    if process.returncode:
        errors = [line for line in log if "error" in line.lower()] or log
        typer.echo("".join(errors[-REASONS:]), err=True)
        raise KataError(
            "pip did not get everything; it says why above.",
            "Look at the network, and at `pip config list` for the index. Said again, "
            "it goes on with what is missing.",
        )
