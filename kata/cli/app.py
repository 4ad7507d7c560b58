"""The command line: what there is to call, and how errors are shown."""

import sys
import textwrap

import typer

from kata.cli import (
    build,
    catch_up,
    check,
    course_map,
    diff,
    doctor,
    export,
    give,
    hint,
    history,
    parameters,
    reset,
    serve,
    start,
    summary,
    update,
    verify,
    watch,
)
from kata.display.text import WIDTH
from kata.errors import KataError

MISUSE = 2
INTERRUPTED = 130

parameters.leave_texts_alone()
app = typer.Typer(
    name="kata",
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.callback(invoke_without_command=True)(course_map.show)
app.command("start")(start.start)
app.command("check")(check.check)
app.command("watch")(watch.watch)
app.command("run")(serve.run)
app.command("hint")(hint.hint)
app.command("diff")(diff.diff)
app.command("give")(give.give)
app.command("history")(history.history)
app.command("reset")(reset.reset)
app.command("catch-up")(catch_up.catch_up)
app.command("summary")(summary.summary)
app.command("export")(export.export)
app.command("update")(update.update)
app.command("doctor")(doctor.doctor)
app.command("build")(build.build)
app.command("verify")(verify.verify)


def main() -> None:
    """Run the command line; a `KataError` is shown as a message, exit status 2."""
    for stream in (sys.stdout, sys.stderr):
        # A pipe on Windows may not know every character of a learner's code.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        app()
    except KataError as error:
        for line in str(error).splitlines():
            typer.echo(_wrapped(line), err=True)
        sys.exit(MISUSE)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def _wrapped(line: str) -> str:
    return textwrap.fill(line, WIDTH, break_long_words=False, break_on_hyphens=False)
