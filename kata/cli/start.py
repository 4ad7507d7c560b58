"""`kata start`: make the workspace, install the kernel, open JupyterLab."""

import os
import secrets
import signal
import sysconfig
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from kata.cli import opened, typed
from kata.cli.context import next_kata, open_loop
from kata.cli.output import tell
from kata.course.course import Course
from kata.course.find import find_course
from kata.errors import KataError
from kata.notebook import (
    auto,
    kernel,
    lean,  # noqa: F401 - before JupyterLab
)
from kata.serving.ports import HOST
from kata.workspace import workspace
from kata.workspace.workspace import DEFAULT, MARKER, VARIABLE, Workspace

FIRST_PORT = 8888
"""Where JupyterLab is tried first; where that is taken, it takes another."""
CONFIG_PATH = "JUPYTER_CONFIG_PATH"
SETTINGS = Path(kernel.__file__).parent / "jupyter"
"""Settings for JupyterLab: no question about news over the first notebook."""


def start(
    folder: Annotated[
        Path | None,
        typer.Argument(
            help="If left out: the one you are in or opened last, or my-waybill.",
            show_default=False,
        ),
    ] = None,
    *,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Print the address; open no browser.")
    ] = False,
    no_server: Annotated[
        bool, typer.Option("--no-server", help="Make the workspace and stop there.")
    ] = False,
) -> None:
    """Make your workspace and open JupyterLab at the next kata.

    Example: kata start my-waybill
    """
    course = find_course()
    place = workspace.create(_chosen(folder, course).expanduser().resolve(), course)
    kernel.install()
    auto.install()
    typed.lead_uv_to_this_environment(place)
    opened.note(place)
    loop = open_loop(place)
    following = next_kata(loop) or course.curriculum.katas[-1]
    notebook = f"{course.curriculum.lesson_of(following).slug}.ipynb"
    tell(loop)
    typer.echo(f"Your workspace: {place.root}")
    typer.echo("To work on it in a terminal, type:")
    for line in typed.lines_for(place):
        typer.echo(f"  {line}")
    if no_server:
        typer.echo(f"Open {notebook} in it, with the kernel “{kernel.TITLE}”.")
    else:
        _serve(place, notebook, browser=not no_browser)


def _chosen(folder: Path | None, course: Course) -> Path:
    """Return the folder that is meant: named, at hand, opened last, or a new one."""
    if folder is not None:
        return folder
    if named := os.environ.get(VARIABLE):
        return Path(named)
    with suppress(KataError):
        return workspace.find().root
    last = opened.last()
    # Another clone's is no answer to somebody who wants to begin in this one.
    if last and last.read(f"{MARKER}/course") == f"{course.root}\n":
        typer.echo("The workspace that was opened last; `kata start FOLDER` makes one.")
        return last.root
    return Path(DEFAULT)


def _serve(place: Workspace, notebook: str, *, browser: bool) -> None:
    """Run JupyterLab in this process, so that no other one can outlive it."""
    typer.echo("JupyterLab is starting.")
    from jupyterlab.labapp import LabApp  # type: ignore[import-untyped]

    _prepare_environment()
    os.chdir(place.root)  # where a terminal in JupyterLab opens
    token = secrets.token_hex(16)
    server = LabApp.initialize_server(
        argv=[
            f"--ServerApp.ip={HOST}",
            f"--ServerApp.port={FIRST_PORT}",
            "--ServerApp.base_url=/",
            f"--ServerApp.root_dir={place.root}",
            *_terminals(),
            f"--ServerApp.open_browser={browser}",
            f"--ServerApp.allow_root={_is_root()}",
            f"--IdentityProvider.token={token}",
            f"--LabApp.default_url=/lab/tree/{notebook}",
            "--Application.log_level=ERROR",
        ]
    )

    def stop(*_: object) -> None:
        # Jupyter would ask first, or leave the kernels to notice by themselves.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        server.stop(from_signal=True)

    signal.signal(signal.SIGINT, stop)
    # It listens from here on, on the first port that was free.
    address = f"http://{HOST}:{server.port}/lab/tree/{notebook}?token={token}"
    typer.echo(f"Open {address}\nStop it with Ctrl+C, here.")
    server.start()


def _prepare_environment() -> None:
    # A notebook belongs to the workspace it lies in, whatever named another one.
    os.environ.pop(VARIABLE, None)
    # A terminal opened in JupyterLab finds `kata` and this Python by name.
    scripts = sysconfig.get_path("scripts")
    os.environ["PATH"] = os.pathsep.join([scripts, os.environ.get("PATH", "")])
    # Ahead of Jupyter's defaults and behind the learner's own settings.
    paths = [str(SETTINGS), os.environ.get(CONFIG_PATH, "")]
    os.environ[CONFIG_PATH] = os.pathsep.join(filter(None, paths))


def _terminals() -> list[str]:
    # As a login shell, the default in a container, it would set PATH anew.
    shell = os.environ.get("SHELL", "sh")
    command = {"shell_command": [shell]}
    return [f"--ServerApp.terminado_settings={command}"] if os.name == "posix" else []


def _is_root() -> bool:
    # JupyterLab refuses to start as root unless told that it is meant: in a container
    # it is.
    return hasattr(os, "geteuid") and os.geteuid() == 0
