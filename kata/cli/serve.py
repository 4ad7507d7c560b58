"""`kata run`: serve the learner's Waybill, with reload."""

import os
from typing import Annotated

import typer

from kata.cli.context import find_workspace
from kata.errors import KataError
from kata.serving.ports import HOST, why_taken
from kata.serving.server import FACTORY, VARIABLE, app_of
from kata.workspace.development import wished

LAST_PORT = 65535
GRACE = 1
"""Seconds that open connections have to end."""


def run(
    *,
    port: Annotated[
        int, typer.Option(min=1, max=LAST_PORT, help="The port to listen on.")
    ] = 8000,
) -> None:
    """Serve your Waybill, and serve it anew whenever it changes.

    Example: kata run --port 8001
    """
    place = find_workspace()
    app = app_of(place)
    refuse_taken(port)
    import uvicorn

    # Its `.env` and its database are found from the current folder.
    os.chdir(place.root)
    os.environ.update(wished(place.root))
    # A stale .pyc could hide a change made within the same second.
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    typer.echo(f"Serving {app}. Its docs: http://{HOST}:{port}/docs")
    typer.echo("Stop it with Ctrl+C.")
    os.environ[VARIABLE] = app
    uvicorn.run(
        FACTORY,
        factory=True,
        host=HOST,
        port=port,
        reload=True,
        reload_dirs=[str(place.root / "waybill")],
        app_dir=str(place.root),
        # A browser tab that streams must not hold up the reload.
        timeout_graceful_shutdown=GRACE,
        use_colors=False if os.environ.get("NO_COLOR") else None,
    )


def refuse_taken(port: int) -> None:
    """Raise a `KataError` where a server can't listen on the port."""
    if reason := why_taken(port):
        other = port + 1 if port < LAST_PORT else port - 1
        raise KataError(
            f"Port {port} can't be used: {reason}.",
            f"Stop the other program, or choose: `kata run --port {other}`.",
        )
