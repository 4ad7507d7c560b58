"""Exceptions as plain data: what a learner needs of them, and nothing of a machine."""

import linecache
import os
import re
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kata.runner.child import memory

IMPORTED_FROM = re.compile(r"(cannot import name .+) \(.+\)$")
ADDRESS = re.compile(r"0x[0-9a-f]{6,}|(?<=\.\.\.)[0-9a-f]{4,12}(?=>)")
"""A whole one, or what pytest leaves of it where it shortens a value."""
NUMBER = re.compile(r"(?<=%\()\d{9,}(?= param\))|(?<=:)\d{12,}(?=\.\w)")
"""An address as SQLAlchemy and Pydantic write it into a name."""
LONGEST, END = 4000, 500
"""Characters of a message that are kept, and how many of them from its end."""


def describe(error: BaseException, root: Path) -> dict[str, Any]:
    """Return an exception as plain data; see `Failure`.

    Of a group, such as a task group raises, it is the first one that counts.
    """
    if isinstance(error, MemoryError):
        memory.lift()
    outer = frames_of(error, root)
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return {
        "type": type(error).__name__,
        "message": tidy(message_of(error) or _unsaid(error, root), root),
        "frames": frames_of(_first_raised(error), root) or outer,
        "module": module_of(error),
        "name": name_of(error),
    }


def message_of(error: BaseException) -> str:
    """Return what an exception says, although it may be one that can't be asked."""
    try:
        return str(error)
    except Exception as trouble:  # noqa: BLE001 - the class may be a learner's
        return f"(its `__str__` raised {type(trouble).__name__})"


def _first_raised(error: BaseException) -> BaseException:
    """Return the exception whose traceback has the line.

    Python makes a `RuntimeError` of a `StopIteration` that leaves a coroutine.
    """
    first = error.__cause__
    made_of_it = isinstance(error, RuntimeError) and isinstance(
        first, StopIteration | StopAsyncIteration
    )
    return first if first and made_of_it else error


def _unsaid(error: BaseException, root: Path) -> str:
    """Return what a library's bare `assert` or `raise` says: its line, and where."""
    traceback = error.__traceback__
    if not isinstance(error, AssertionError | NotImplementedError) or not traceback:
        return ""
    while traceback.tb_next:
        traceback = traceback.tb_next
    file = traceback.tb_frame.f_code.co_filename
    if file.startswith(f"{root}{os.sep}"):
        return ""
    line = linecache.getline(file, traceback.tb_lineno).strip()
    library = str(traceback.tb_frame.f_globals.get("__name__", "")).partition(".")[0]
    if not line or not library:
        return ""
    held = " did not hold" if isinstance(error, AssertionError) else ""
    return f"`{line}` in {library}{held}"


def behind(error: BaseException, root: Path) -> BaseException | None:
    """Return what the code under test raised before a check said what was wrong."""
    for one in _before(error):
        if not isinstance(one, AssertionError) and frames_of(one, root):
            return one
    return None


def _before(error: BaseException) -> Iterator[BaseException]:
    """Yield what an exception was raised from, or while it was handled."""
    seen = {id(error)}
    earlier = error.__cause__ or error.__context__
    while earlier is not None and id(earlier) not in seen:
        seen.add(id(earlier))
        yield earlier
        earlier = earlier.__cause__ or earlier.__context__


def raised_below(error: BaseException, folder: Path) -> bool:
    """Tell whether the very line that raised lies in a folder."""
    traceback = error.__traceback__
    while traceback and traceback.tb_next:
        traceback = traceback.tb_next
    file = traceback.tb_frame.f_code.co_filename if traceback else ""
    return file.startswith(f"{folder}{os.sep}")


def frames_of(error: BaseException, root: Path) -> list[tuple[str, int]]:
    """Return the traceback's lines that lie below `root`, outermost first."""
    frames = []
    traceback = error.__traceback__
    while traceback:
        frames.append((traceback.tb_frame.f_code.co_filename, traceback.tb_lineno))
        traceback = traceback.tb_next
    if isinstance(error, SyntaxError) and error.filename:
        frames.append((error.filename, error.lineno or 1))
    below = f"{root}{os.sep}"  # text is compared: a traceback has many frames
    return [
        (Path(file[len(below) :]).as_posix(), line)
        for file, line in frames
        if file.startswith(below)
    ]


def prune(error: BaseException, keep: tuple[Path, ...]) -> None:
    """Drop the frames of libraries from an exception and from its causes.

    A learner needs only their own lines and the check's, and pytest parses the whole
    source file of every frame it prints.
    """
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        one.__traceback__ = _kept(one.__traceback__, keep)
        waiting += [one.__cause__, one.__context__]
        if isinstance(one, BaseExceptionGroup):
            waiting += one.exceptions


def _kept(
    traceback: types.TracebackType | None, keep: tuple[Path, ...]
) -> types.TracebackType | None:
    every = []
    while traceback:
        every.append(traceback)
        traceback = traceback.tb_next
    below = tuple(f"{folder}{os.sep}" for folder in keep)
    ours = [one for one in every if one.tb_frame.f_code.co_filename.startswith(below)]
    chain = None
    for one in reversed(ours or every[-1:]):
        chain = types.TracebackType(chain, one.tb_frame, one.tb_lasti, one.tb_lineno)
    return chain


def module_of(error: BaseException) -> str:
    """Return the module that an ImportError is about."""
    return (error.name or "") if isinstance(error, ImportError) else ""


def name_of(error: BaseException) -> str:
    """Return the name that an exception says is missing."""
    if isinstance(error, ImportError):
        match = re.match(r"cannot import name '(\w+)'", message_of(error))
        return match[1] if match else ""
    if isinstance(error, NameError | AttributeError):
        return error.name or ""
    return ""


def tidy(text: str, root: Path) -> str:
    """Remove what differs from machine to machine: paths and addresses."""
    text = IMPORTED_FROM.sub(r"\1", text)
    text = text.replace(f"{root}/", "").replace(f"{root}\\", "").replace(str(root), ".")
    text = NUMBER.sub("…", ADDRESS.sub("0x…", text))
    if len(text) <= LONGEST:
        return text
    # Who raised it, and what is wrong first; at its end, where that was.
    return f"{text[: LONGEST - END]}\n…\n{text[-END:]}"
