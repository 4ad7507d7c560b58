"""`kata run`: serve the learner's Waybill, with reload."""

import os
import socket
from typing import Annotated

import typer

from kata import workspace
from kata.errors import KataError
from kata.workspace import Workspace

APPS = ("waybill.main:app", "waybill.hello:app")
"""What can be served, the finished app first."""


def run(
    *,
    port: Annotated[int, typer.Option(help="The port to listen on.")] = 8000,
) -> None:
    """Serve your Waybill on this machine, and again whenever you change it.

    Example: kata run --port 8001
    """
    import uvicorn

    place = workspace.find()
    app = app_of(place)
    refuse_taken(port)
    # A stale .pyc could hide a change made within the same second.
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    typer.echo(f"Serving {app}. Its docs: http://127.0.0.1:{port}/docs")
    typer.echo("Stop it with Ctrl+C.")
    uvicorn.run(
        app,
        port=port,
        reload=True,
        reload_dirs=[str(place.root / "waybill")],
        app_dir=str(place.root),
    )


def app_of(place: Workspace) -> str:
    """Return the app to serve; a workspace without one is a `KataError`."""
    for app in APPS:
        file = app.partition(":")[0].replace(".", "/") + ".py"
        if (place.root / file).exists():
            return app
    raise KataError(
        "There is no app in your workspace yet.",
        "Run the first kata of lesson 01, then come back.",
    )


def refuse_taken(port: int) -> None:
    """Raise a `KataError` where another program listens on the port."""
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise KataError(
                f"Port {port} can't be used: {error.strerror}.",
                f"Stop the other program, or choose: `kata run --port {port + 1}`.",
            ) from None
