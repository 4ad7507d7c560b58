"""The command line: what there is to call, and how errors are shown."""

import sys

import typer

from kata.cli import (
    build,
    catch_up,
    check,
    course_map,
    doctor,
    history,
    serve,
    start,
)
from kata.errors import KataError

MISUSE = 2

app = typer.Typer(
    name="kata",
    help="FastAPI Katas: build Waybill, one failing check at a time.",
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.callback(invoke_without_command=True)(course_map.show)
app.command("start")(start.start)
app.command("check")(check.check)
app.command("run")(serve.run)
app.command("history")(history.history)
app.command("catch-up")(catch_up.catch_up)
app.command("doctor")(doctor.doctor)
app.command("build")(build.build)


def main() -> None:
    """Run the command line; a `KataError` is shown as a message, exit status 2."""
    for stream in (sys.stdout, sys.stderr):
        # A pipe on Windows may not know every character of a learner's code.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        app()
    except KataError as error:
        typer.echo(str(error), err=True)
        sys.exit(MISUSE)
    except KeyboardInterrupt:
        sys.exit(130)
