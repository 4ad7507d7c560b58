"""Gives each master, when nbval runs it, the fresh workspace that it expects."""

from contextlib import ExitStack

import pytest
from nbval.plugin import IPyNbCell, IPyNbFile

from kata.build.fresh import fresh_workspace, kernel_environment
from kata.course.find import find_course
from kata.runner.shared import shared_warm_process
from kata.source.cell import options

STACK = pytest.StashKey[ExitStack]()
WARM = pytest.StashKey[ExitStack]()
NOT_COMPARED = pytest.StashKey[list[str]]()


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Run, and don't compare, the cells of a kata whose server is not there.

    Their verdict is another one than what is stored.
    """
    katas = find_course().curriculum.katas
    lacking = {kata.id for kata in katas if not kata.has_server}
    for item in items:
        if (
            isinstance(item, IPyNbCell)
            and options(item.cell.source).get("kata") in lacking
        ):
            item.options["check"] = False
            config.stash.setdefault(NOT_COMPARED, []).append(item.name)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which cells were not compared: their dots are no proof."""
    names = terminalreporter.config.stash.get(NOT_COMPARED, [])
    if names:
        terminalreporter.section("cells run and not compared: a server is missing")
        terminalreporter.write_line(", ".join(names))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before the kernel of a notebook starts, make its workspace and name it."""
    notebook = item.parent
    if not isinstance(notebook, IPyNbFile) or STACK in notebook.stash:
        return
    if WARM not in item.config.stash:
        # All notebooks share one: each would take a second to get its own warm.
        item.config.stash[WARM] = ExitStack()
        item.config.stash[WARM].enter_context(shared_warm_process())
    course = find_course()
    lesson = course.curriculum.lesson(notebook.path.stem)
    stack = notebook.stash[STACK] = ExitStack()
    place = stack.enter_context(fresh_workspace(course, lesson))
    environment = stack.enter_context(pytest.MonkeyPatch.context())
    for name, value in kernel_environment(course, place).items():
        environment.setenv(name, value)


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """After the kernel of a notebook has ended, remove its workspace."""
    notebook = item.parent
    over = nextitem is None or nextitem.parent is not notebook
    if notebook and over and STACK in notebook.stash:
        notebook.stash[STACK].close()
    # What all notebooks share is nothing for other tests.
    last = nextitem is None or not isinstance(nextitem.parent, IPyNbFile)
    if last and WARM in item.config.stash:
        item.config.stash[WARM].close()
        del item.config.stash[WARM]
