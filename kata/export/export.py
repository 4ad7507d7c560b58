"""The learner's service as a project of its own, which needs nothing of the course."""

import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from kata.course.curriculum import Kata
from kata.course.pins import modules_of, pinned
from kata.errors import KataError
from kata.export import templates
from kata.loop.loop import Loop
from kata.source.file import HEADER, parse_file
from kata.source.syntax import UNREADABLE
from kata.workspace.workspace import Workspace

PACKAGE, TESTS = "waybill", "tests"
LEFT_BEHIND = {"__pycache__", ".ipynb_checkpoints"}


def export(loop: Loop, folder: Path) -> tuple[Kata, ...]:
    """Write the service and its tests to an empty folder, as a project of its own.

    Returns the katas that are not green, whose code went along as it is.
    """
    root = loop.workspace.root
    _refuse(folder, root)
    paths = [*_files(root)]
    sources = dict(_sources(loop, paths))
    project = _around(loop.workspace.app, sources)
    Workspace(folder).write_all(project | sources)
    for path in paths:
        if not path.endswith(".py"):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(root / path, folder / path)
    katas = loop.course.curriculum.katas
    return tuple(one for one in katas if _is_open(loop, one))


def _refuse(folder: Path, root: Path) -> None:
    next_step = "Name an empty or a new folder: `kata export ../waybill`."
    for part in (PACKAGE, TESTS):
        if folder.is_relative_to(root / part):
            raise KataError(f"{folder} lies in your service itself.", next_step)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        what = "is not empty" if folder.is_dir() else "is a file, not a folder"
        raise KataError(f"{folder} {what}.", next_step)
    if not any((root / PACKAGE).glob("*.py")):
        raise KataError(
            "There is no service in your workspace yet.",
            "Run the first kata of lesson 01, then come back.",
        )


def _files(root: Path) -> Iterator[str]:
    for part in (PACKAGE, TESTS):
        for path in sorted((root / part).rglob("*")):
            if path.is_file() and not LEFT_BEHIND.intersection(path.parts):
                yield path.relative_to(root).as_posix()


def _sources(loop: Loop, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each file of code without the course's marks, and tests nobody wrote."""
    for path in paths:
        if path.endswith(".py"):
            text = loop.workspace.read(path) or ""
            if _is_test(path):
                text = _answered(loop, path, text)
            lines = text.splitlines(keepends=True)
            marks = [HEADER.fullmatch(line.rstrip("\r\n")) for line in lines]
            kept = (line for line, mark in zip(lines, marks, strict=True) if not mark)
            yield path, "".join(kept)


def _is_test(path: str) -> bool:
    return path.startswith(f"{TESTS}/")


def _answered(loop: Loop, path: str, text: str) -> str:
    """Return a file of tests without those that are still the starting code."""
    katas = loop.course.curriculum.in_file(path)
    stubs = [kata.id for kata in katas if not loop.answers.present(kata)]
    file = parse_file(text, path)
    if not file.regions.keys() & set(stubs):
        return text
    return file.without(stubs).render()


def _is_open(loop: Loop, kata: Kata) -> bool:
    started = loop.answers.on_disk(kata) is not None
    return started and not loop.status(kata).is_right


def _around(app: str, sources: Mapping[str, str]) -> dict[str, str]:
    """Return the files that make a project of the service."""
    own = {PACKAGE, TESTS}
    tests = {path: text for path, text in sources.items() if _is_test(path)}
    service = {path: text for path, text in sources.items() if path not in tests}
    needs = _modules(service)
    needs |= {"uvicorn"} if app else set()
    test_needs = _modules(tests)
    test_needs |= {"pytest", "anyio"} if tests else set()
    return templates.project(
        app=app,
        needs=pinned(needs - own),
        test_needs=pinned(test_needs - needs - own),
        backend=pinned({"hatchling"}),
        settings=f"{PACKAGE}/settings.py" in sources,
    )


def _modules(sources: Mapping[str, str]) -> set[str]:
    found: set[str] = set()
    for path, text in sources.items():
        try:
            found |= modules_of(text)
        except UNREADABLE as error:
            raise KataError(
                f"{path} is not valid Python: {error}.", "Fix it, then export again."
            ) from None
    return found
