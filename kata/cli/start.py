"""`kata start`: make the workspace, install the kernel, open JupyterLab."""

import os
import secrets
import socket
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from kata import kernel, workspace
from kata.cli.context import next_kata
from kata.course import find_course
from kata.loop import Loop
from kata.runner.plain import PlainRunner
from kata.workspace import DEFAULT, Workspace

PORTS = range(8888, 8988)


def start(
    folder: Annotated[Path, typer.Argument(help="Your workspace.")] = Path(DEFAULT),
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
    place = workspace.create(folder.expanduser().resolve(), course)
    kernel.install()
    loop = Loop(course, place, PlainRunner())
    kata = next_kata(loop) or course.curriculum.katas[-1]
    notebook = f"{course.curriculum.lesson_of(kata).slug}.ipynb"
    for note in loop.told():
        typer.echo(note)
    typer.echo(f"Your workspace: {place.root}")
    if no_server:
        typer.echo(f"Open {notebook} in it, with the kernel “FastAPI Katas”.")
        return
    raise typer.Exit(_serve(place, notebook, browser=not no_browser))


def _serve(place: Workspace, notebook: str, *, browser: bool) -> int:
    port, token = _free_port(), secrets.token_hex(16)
    address = f"http://127.0.0.1:{port}/lab/tree/{notebook}?token={token}"
    typer.echo(f"JupyterLab: {address}")
    typer.echo("Stop it with Ctrl+C, here.")
    command = [
        *(sys.executable, "-m", "jupyterlab", f"--port={port}", "--log-level=WARN"),
        f"--ServerApp.root_dir={place.root}",
        f"--LabApp.default_url=/lab/tree/{notebook}",
        f"--IdentityProvider.token={token}",
        *([] if browser else ["--no-browser"]),
        *(["--allow-root"] if _is_root() else []),
    ]
    try:
        return subprocess.call(command, cwd=place.root)  # noqa: S603 - our own command
    except KeyboardInterrupt:
        return 0


def _free_port() -> int:
    for port in PORTS:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
    return PORTS[0]


def _is_root() -> bool:
    # JupyterLab refuses to start as root unless told that it is meant: in a container
    # it is.
    return hasattr(os, "geteuid") and os.geteuid() == 0
