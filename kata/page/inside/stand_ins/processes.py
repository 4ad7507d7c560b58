"""Programs in Python that a cell starts and waits for: they run here, one at a time.

Of `subprocess` that is `run` with `sys.executable`, and `-m` or `-c`. A page has no
processes, so anything else is refused as before.
"""

import io
import os
import runpy
import subprocess
import sys
import traceback
import types
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from kata.runner.inprocess import no_loop

real_run: Any = subprocess.run
TAKING_ONE = ("-W", "-X")
"""Options of Python that have a word of their own behind them."""


def run(command: Any, **options: Any) -> "subprocess.CompletedProcess[Any]":  # noqa: ANN401
    """Run a program to its end, as `subprocess.run` does."""
    how = None if isinstance(command, str) else _how([*map(str, command)])
    if how is None:
        return real_run(command, **options)  # type: ignore[no-any-return]
    out, err = io.StringIO(), io.StringIO()
    with (
        redirect_stdout(out),
        redirect_stderr(err),
        no_loop(),
        _elsewhere(how, options),
    ):
        code = _ended(*how)
    done = subprocess.CompletedProcess[Any](command, code)
    captured = options.get("capture_output")
    for name, tape, usual in (("stdout", out, sys.stdout), ("stderr", err, sys.stderr)):
        text = tape.getvalue()
        if not captured and options.get(name) is None:
            usual.write(text)
        else:
            is_text = options.get("text") or options.get("encoding")
            vars(done)[name] = text if is_text else text.encode()
    if options.get("check"):
        done.check_returncode()
    return done


def _how(command: Sequence[str]) -> tuple[str, str, list[str]] | None:
    """Return `-m` or `-c`, what it names, and its arguments, if that can run here."""
    if command[0] != sys.executable:
        return None
    words = iter(command[1:])
    for word in words:
        if word in {"-m", "-c"}:
            return word, next(words, ""), [*words]
        if word in TAKING_ONE:
            next(words, "")
        elif not word.startswith("-"):
            break
    return None


def _ended(kind: str, what: str, arguments: list[str]) -> int:
    """Run a module or a line of code; return the status that it ended with."""
    sys.argv = [kind, *arguments]
    try:
        if kind == "-m":
            runpy.run_module(what, run_name="__main__", alter_sys=True)
        else:
            exec(compile(what, "<string>", "exec"), {"__name__": "__main__"})  # noqa: S102
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)  # noqa: T201 - as Python does
            return 1
        return int(end.code or 0)
    except BaseException:  # noqa: BLE001 - the program's own end, and not ours
        traceback.print_exc()
        return 1
    return 0


@contextmanager
def _elsewhere(
    how: tuple[str, str, list[str]], options: Mapping[str, Any]
) -> Iterator[None]:
    """Give a program its folder, variables and modules; put ours back afterwards."""
    folder, variables = Path.cwd(), dict(os.environ)
    arguments, path, modules = sys.argv, [*sys.path], dict(sys.modules)
    wanted: Mapping[str, str] | None = options.get("env")
    os.chdir(options.get("cwd") or folder)
    if wanted is not None:
        os.environ.clear()
        os.environ.update(wanted)
    above = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    first = str(Path.cwd()) if how[0] == "-m" else ""
    libraries = [entry for entry in path if not _holds_a_service(entry)]
    sys.path[:] = [first, *filter(None, above), *libraries]
    for name in [name for name in modules if _is_a_learners(modules[name])]:
        del sys.modules[name]
    try:
        yield
    finally:
        for name in {*sys.modules} - {*modules}:
            if _is_a_learners(sys.modules[name]):
                del sys.modules[name]
        sys.modules.update(modules)
        sys.path[:], sys.argv = path, arguments
        os.environ.clear()
        os.environ.update(variables)
        os.chdir(folder)


def _holds_a_service(entry: str) -> bool:
    return Path(entry or ".", "waybill").is_dir()


def _is_a_learners(module: object) -> bool:
    """Tell whether a module is none of a library, so that a program has its own."""
    file = getattr(module, "__file__", None) or ""
    return bool(file) and not file.startswith(LIBRARIES)


LIBRARIES = tuple({str(Path(os.__file__).parent), *filter(None, sys.path)})
"""Where libraries lie: what Python's path holds before there is any service."""


def install() -> None:
    """Let cells start programs in Python."""
    vars(subprocess)["run"] = run


def install_uvicorn() -> None:
    """Let uvicorn be imported without what would start processes for it."""
    module: Any = types.ModuleType("uvicorn.supervisors")
    module.ChangeReload = module.Multiprocess = None
    sys.modules[module.__name__] = module
