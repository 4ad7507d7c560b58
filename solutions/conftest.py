"""Gives each master, when nbval runs it, the fresh workspace that it expects."""

from contextlib import ExitStack

import pytest
from nbval.plugin import IPyNbFile

from kata.build import fresh_workspace, kernel_environment
from kata.course import find_course

STACK = pytest.StashKey[ExitStack]()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before the kernel of a notebook starts, make its workspace and name it."""
    notebook = item.parent
    if not isinstance(notebook, IPyNbFile) or STACK in notebook.stash:
        return
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
