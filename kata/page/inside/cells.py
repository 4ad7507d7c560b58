"""Examples and demos: cells that run as in a notebook, and show what they print."""

import ast
import asyncio
import inspect
import io
import linecache
import os
import traceback
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from html import escape
from pathlib import Path
from typing import Any

from kata.display.styles import CODE
from kata.source.cell import lines_of

NAME = "<this cell>"
VALUE = "_value of the last line"
"""What no cell can name."""
MOST = 20_000
"""Characters that a cell may show."""
FLOOD = 1_000_000
"""Characters after which it is stopped."""


class TooMuchError(Exception):
    """The cell prints, and does not stop."""


class _Tape(io.StringIO):
    """Keeps what is printed, and stops a flood."""

    def write(self, text: str, /) -> int:
        if self.tell() + len(text) > FLOOD:
            raise TooMuchError(
                "This cell printed a million characters. It was stopped."
            )
        return super().write(text)


class Namespace(dict[str, Any]):
    """The names that the cells of one lesson share."""

    def __init__(self) -> None:
        super().__init__(__name__="__main__")

    def push(self, variables: Mapping[str, Any]) -> None:
        """Take over these names."""
        self.update(variables)


def run(source: str, names: Namespace, folder: Path) -> tuple[str, bool]:
    """Run a cell in a folder; return what it printed, as HTML, and whether it raised.

    What it raised is part of that.
    """
    tape = _Tape()
    before = Path.cwd()
    os.chdir(folder)
    lines = [f"{line}\n" for line in lines_of(source)]
    linecache.cache[NAME] = (len(source), None, lines, NAME)
    said = ""
    try:
        with redirect_stdout(tape), redirect_stderr(tape):
            _execute(source, names)
    except BaseException as error:  # noqa: BLE001 - whatever a cell raises is shown
        said = _told(error)
    finally:
        os.chdir(before)
    printed = tape.getvalue()
    if len(printed) > MOST:
        printed = f"{printed[:MOST]}\n… and {len(printed) - MOST} characters more"
    shown = "\n".join(filter(None, (printed.rstrip("\n"), said)))
    return f'<pre style="{CODE}">{escape(shown)}</pre>' if shown else "", bool(said)


def _execute(source: str, names: Namespace) -> None:
    """Run a cell, with `await` outside of functions, and print its last value.

    It runs as a whole: a task that it starts is awaited on the same loop.
    """
    tree = ast.parse(source, NAME)
    if tree.body and isinstance(last := tree.body[-1], ast.Expr):
        kept = ast.Assign([ast.Name(VALUE, ast.Store())], last.value)
        tree.body[-1] = ast.fix_missing_locations(ast.copy_location(kept, last))
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    code = compile(tree, NAME, "exec", flags, dont_inherit=True)
    names.pop(VALUE, None)
    found = eval(code, names)  # noqa: S307 - running the cell is the point
    if code.co_flags & inspect.CO_COROUTINE:
        asyncio.run(found)
    value = names.pop(VALUE, None)
    if value is not None:
        print(repr(value))  # noqa: T201 - this is what a notebook does


def _told(error: BaseException) -> str:
    """Return an exception with the lines of the cell, and without those that ran it."""
    trace = error.__traceback__
    while trace and trace.tb_frame.f_code.co_filename != NAME:
        trace = trace.tb_next
    found = traceback.TracebackException(type(error), error, trace)
    return "".join(found.format()).rstrip()
