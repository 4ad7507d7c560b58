"""Gives each master, when nbval runs it, the fresh workspace that it expects."""

import os
from contextlib import ExitStack

import pytest
from kata.build import fresh_workspace
from kata.course import find_course
from kata.workspace import VARIABLE
from nbval.plugin import IPyNbFile

STACK = pytest.StashKey[ExitStack]()
CURRENT = pytest.StashKey[pytest.Collector]()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before the kernel of a notebook starts, make its workspace and name it."""
    notebook = item.parent
    stash = item.session.stash
    if not isinstance(notebook, IPyNbFile) or stash.get(CURRENT, None) is notebook:
        return
    if STACK in stash:
        stash[STACK].close()
    stash[CURRENT], stash[STACK] = notebook, ExitStack()
    course = find_course()
    lesson = course.curriculum.lesson(notebook.path.stem)
    place = stash[STACK].enter_context(fresh_workspace(course, lesson))
    os.environ[VARIABLE] = str(place.root)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Remove the last workspace."""
    if STACK in session.stash:
        session.stash[STACK].close()
        del os.environ[VARIABLE]
