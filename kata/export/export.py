"""The learner's service as a project of its own, which needs nothing of the course."""

import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from kata.course.curriculum import Kata
from kata.course.pins import modules_of, pinned, pins_of
from kata.errors import KataError
from kata.export.plain import PACKAGE, TESTS, is_test, plain
from kata.export.project import Contents, around, text_of
from kata.export.revisions import STEP, revisions
from kata.export.slices import slices
from kata.export.variables import groups_in
from kata.loop.loop import Loop
from kata.source.file import parse_file
from kata.source.syntax import UNREADABLE, parsed
from kata.workspace.workspace import Workspace

LEFT_BEHIND = {"__pycache__", ".ipynb_checkpoints"}
TOOLS = {"anyio", "coverage", "httpx", "mypy", "pytest", "ruff"}
"""What a project is tested with, whatever its tests import."""
DRIVER = "asyncpg"


def export(loop: Loop, folder: Path) -> tuple[Kata, ...]:
    """Write the service and its tests to an empty folder, as a project of its own.

    Returns the katas that are not green, whose code went along as it is.
    """
    root = loop.workspace.root
    _refuse(folder, root)
    paths = [*_files(root)]
    sources = plain(loop, dict(_sources(loop, paths)))
    katas = loop.course.curriculum.katas
    there = {kata.id for kata in katas if loop.answers.present(kata)}
    sources |= revisions(there, sources)
    files = {**slices(there | sources.keys()), **sources}
    contents = _contents(loop.workspace.app, files, there, len(there) == len(katas))
    Workspace(folder).write_all(around(contents) | files | dict(_texts(loop, there)))
    for path in paths:
        if not path.endswith(".py"):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(root / path, folder / path)
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
    """Yield each file of code as it is, but for tests that nobody wrote."""
    for path in paths:
        if path.endswith(".py"):
            text = loop.workspace.read(path) or ""
            try:
                parsed(text)
            except UNREADABLE as error:
                raise KataError(
                    f"{path} is not valid Python: {error}.",
                    "Fix it, then export again.",
                ) from None
            yield path, _answered(loop, path, text) if is_test(path) else text


def _texts(loop: Loop, there: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield each answer that is no Python: it stands in the place of our template."""
    for kata in loop.course.curriculum.katas:
        text = None if kata.is_python else loop.workspace.read(kata.file)
        if text is not None and kata.id in there:
            yield kata.file, text


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


def _contents(
    app: str, files: Mapping[str, str], there: Collection[str], whole: bool
) -> Contents:
    """Return what the project around these files has to say."""
    own = {PACKAGE, TESTS}
    service = {path: text for path, text in files.items() if not is_test(path)}
    tests = {path: text for path, text in files.items() if is_test(path)}
    needs = _modules(service) - own - {DRIVER}
    screens = "websockets.live" in there
    needs |= {"uvicorn"} if app else set()
    needs |= {"websockets"} if app and screens else set()
    requirements = pinned(needs)
    dev = {*pins_of(TOOLS), *pinned(_modules(tests) - own - {DRIVER})}
    database = "database.open_database" in there
    probes = {"observability.probes", "observability.layers"} <= {*there}
    return Contents(
        app=app,
        needs=requirements,
        postgres=pins_of({DRIVER}) if database else (),
        dev=sorted(dev.difference(requirements)),
        backend=pins_of({"hatchling"})[0],
        groups=groups_in(service, text_of("variables.toml")),
        whole=whole,
        own_tests=any(not path.startswith(f"{TESTS}/slices/") for path in tests),
        slices=any(path.startswith(f"{TESTS}/slices/") for path in tests),
        health="settings.health" in there,
        readiness=f"{PACKAGE}/readiness.py" in service or probes,
        probes=probes,
        structured="observability.log" in there,
        database=database,
        migrations=STEP in there,
        redis=bool({"rate_limiting.share_limit", "websockets.share"} & {*there}),
        limits="rate_limiting.limit_app" in there,
        stops="streaming.resource" in there,
        crashes={"errors.crash", "errors.extend"} <= {*there},
        requests={"middleware.request_log", "middleware.stand_layers"} <= {*there},
        dispatchers={"permissions.promote", "passwords.api"} <= {*there},
        worker={"background.work", "migrations.migrate"} <= {*there},
        sweep="background.sweep" in there,
        forward="background.forward" in there,
        screens=screens,
        serve="deploy.command" in there,
        drains="deploy.resource" in there,
        image="deploy.image" in there,
        secrets="deploy.secrets" in there,
        backup="deploy.backup" in there,
    )


def _modules(sources: Mapping[str, str]) -> set[str]:
    return {module for text in sources.values() for module in modules_of(text)}
