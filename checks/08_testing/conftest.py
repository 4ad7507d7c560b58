"""What the checks of this lesson share: runs of the learner's tests, and planted bugs.

A bug is planted where no spelling of the learner's matters: a function of Waybill is
replaced in every module that has it, or a route is answered by another app.
"""

import asyncio
import importlib
import os
import sys
import time
import types
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from fastapi import FastAPI

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

RunPytest = Callable[..., SimpleNamespace]
Run = Callable[..., SimpleNamespace]
Replaced = Mapping[Callable[..., Any], Callable[..., Any]]
DISAGREED = (AssertionError, pytest.fail.Exception)


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A current folder of its own, and no variable that Waybill might read."""
    for name in list(os.environ):
        if name.upper().startswith("WAYBILL_"):
            monkeypatch.delenv(name)
    folder = tmp_path / "place"
    folder.mkdir()
    monkeypatch.chdir(folder)
    forget()
    yield folder
    forget()


def forget() -> None:
    """Let the settings of carriers be read anew, if they were kept."""
    carriers = sys.modules.get("waybill.carriers")
    getattr(getattr(carriers, "get_carrier_settings", None), "cache_clear", bool)()


def fresh(name: str) -> ModuleType:
    """Import a file of the learner's tests anew: what a run left in it is gone."""
    sys.modules.pop(name, None)
    return importlib.import_module(name)


@pytest.fixture
def conftest() -> ModuleType:
    """The learner's `tests/conftest.py`, which lends its fixtures."""
    return fresh("tests.conftest")


@pytest.fixture
def run_tests(run_pytest: RunPytest, tmp_path: Path, conftest: ModuleType) -> Run:
    """Return a function that runs tests of the check's with the learner's fixtures."""
    folder = tmp_path / "tests_of_this_check"
    folder.mkdir()

    def run(*files: str) -> SimpleNamespace:
        for number, text in enumerate(files):
            # Python keeps modules by name, and in a page also those of earlier runs.
            file = folder / f"test_{number}_{uuid.uuid4().hex}.py"
            file.write_text(text, encoding="utf-8")
        return run_pytest(folder if len(files) > 1 else file, quiet(), conftest)

    return run


@pytest.fixture
def run(run_pytest: RunPytest, request: pytest.FixtureRequest) -> Run:
    """Return a function that runs the learner's tests, with a planted bug if asked.

    Which file of tests that is, the checks say as `FILE`, and whether it is `ALONE`,
    without the fixtures of `conftest.py`. It also returns where somebody `slept`, and
    which test `is_red`, since an assert has failed.
    """
    name = f"tests.{request.module.FILE}"
    alone = getattr(request.module, "ALONE", False)

    def run(
        replaced: Replaced | None = None,
        *,
        routes: FastAPI | None = None,
        backwards: bool = False,
    ) -> SimpleNamespace:
        with planted(replaced or {}, routes), watched() as slept:
            lent = [] if alone else [fresh("tests.conftest")]
            module = fresh(name)
            plugin = quiet(backwards=backwards)
            outcome = run_pytest(str(module.__file__), plugin, *lent)
        outcome.is_red = vars(plugin)["is_red"]
        outcome.slept = [one for one in slept if one == module.__file__]
        return outcome

    return run


def quiet(*, backwards: bool = False) -> ModuleType:
    """Return a plugin of pytest: it spares long tracebacks, and may turn the order."""

    is_red: dict[str, bool] = {}

    def pytest_configure(config: pytest.Config) -> None:
        config.option.tbstyle = "native"

    def pytest_runtest_makereport(
        item: pytest.Item, call: pytest.CallInfo[None]
    ) -> None:
        name = item.nodeid.rpartition("::")[2].partition("[")[0]
        raised = [call.excinfo.value] if call.excinfo else []
        disagreed = any(isinstance(one, DISAGREED) for one in flat([*raised]))
        is_red[name] = is_red.get(name, False) or disagreed

    def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
        if backwards:
            items.reverse()

    module = types.ModuleType("quiet")
    module.__file__ = module.__name__
    hooks = (
        pytest_configure,
        pytest_collection_modifyitems,
        pytest_runtest_makereport,
    )
    for hook in hooks:
        setattr(module, hook.__name__, hook)
    vars(module)["is_red"] = is_red
    return module


@contextmanager
def planted(replaced: Replaced, routes: FastAPI | None) -> Iterator[None]:
    """Plant bugs: other functions, and an app that answers what it has routes for."""
    answer = FastAPI.__call__

    async def mistaken(
        app: FastAPI, scope: "Scope", receive: "Receive", send: "Send"
    ) -> None:
        wanted = (scope.get("method"), scope.get("path"))
        if routes is None or app is routes or wanted not in of(routes):
            await answer(app, scope, receive, send)
            return
        routes.state = app.state
        routes.dependency_overrides = app.dependency_overrides
        await answer(routes, scope, receive, send)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FastAPI, "__call__", mistaken)
        for right, wrong in replaced.items():
            everywhere(patch, right, wrong)
        yield


def of(app: FastAPI) -> set[tuple[str, str]]:
    """Return the methods and paths that a planted app answers, without its docs."""
    return {
        (method, route.path)
        for route in app.routes
        for method in getattr(route, "methods", None) or ()
        if getattr(route, "include_in_schema", False)
    }


def everywhere(
    patch: pytest.MonkeyPatch, right: Callable[..., Any], wrong: Callable[..., Any]
) -> None:
    """Put a function in another one's place, in each module of the service."""
    for name, module in [*sys.modules.items()]:
        if name.partition(".")[0] in {"waybill", "tests"}:
            for attribute, value in [*vars(module).items()]:
                if value is right:
                    patch.setattr(module, attribute, wrong)


@contextmanager
def watched() -> Iterator[list[str]]:
    """Note in which files somebody goes to sleep."""
    slept: list[str] = []

    def noted(sleep: Callable[..., Any]) -> Callable[..., Any]:
        def note(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401
            slept.append(sys._getframe(1).f_code.co_filename)
            return sleep(*arguments, **options)

        return note

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "sleep", noted(time.sleep))
        patch.setattr(asyncio, "sleep", noted(asyncio.sleep))
        yield slept


def flat(problems: list[BaseException]) -> Iterator[BaseException]:
    """Yield exceptions, those in groups one by one."""
    for problem in problems:
        if isinstance(problem, BaseExceptionGroup):
            yield from flat(list(problem.exceptions))
        else:
            yield problem


@pytest.fixture
def assert_green() -> Callable[..., None]:
    """Return a function that asserts that tests are green on the right Waybill."""

    def assert_green(outcome: SimpleNamespace, when: str, advice: str) -> None:
        problems = outcome.problems
        assert not problems, (
            f"Waybill is right, and{when} a test ended with {outcome.story}. {advice}"
        )
        passed = outcome.passed
        assert passed, (
            "pytest found no test that passes. A test's name begins with test_, and it "
            "is neither skipped nor expected to fail."
        )

    return assert_green


@pytest.fixture
def assert_red() -> Callable[..., None]:
    """Return a function that asserts that a test disagreed with a planted bug."""

    def assert_red(outcome: SimpleNamespace, bug: str, advice: str) -> None:
        problems = outcome.problems
        assert problems, f"{bug}, and your tests stayed green. {advice}"
        disagreed = any(isinstance(one, DISAGREED) for one in flat(problems))
        assert disagreed, (
            f"{bug}, and your test crashed: {outcome.story}. A crash looks like a "
            "broken test. Say what you expect with assert, before you take an answer "
            "apart."
        )

    return assert_red


@pytest.fixture
def assert_awake() -> Callable[[SimpleNamespace], None]:
    """Return a function that asserts that no test of the learner's sleeps."""

    def assert_awake(outcome: SimpleNamespace) -> None:
        times = len(outcome.slept)
        assert not times, (
            f"Your tests go to sleep, {times} times in one run. A made-up carrier is "
            "late by raising httpx.ReadTimeout, and nobody has to wait."
        )

    return assert_awake
