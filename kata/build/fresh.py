"""A fresh workspace to run a master in, and the environment of its kernel."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kata.course.course import Course
from kata.course.curriculum import Lesson
from kata.loop.loop import Loop
from kata.runner.plain import PlainRunner
from kata.workspace import workspace
from kata.workspace.workspace import OUTPUTS, STORED, VARIABLE, Workspace

PLUGINS = {
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    "PYTEST_PLUGINS": "anyio",
}
"""What a learner's pytest finds: none of the plugins that only contributors have.

Those take two seconds to load, each time that a cell or a test starts pytest.
"""


@contextmanager
def fresh_workspace(course: Course, lesson: Lesson) -> Iterator[Workspace]:
    """Make a workspace that has caught up with a lesson, and remove it afterwards."""
    with tempfile.TemporaryDirectory(prefix="kata-") as folder:
        place = workspace.create(Path(folder).resolve() / "workspace", course)
        Loop(course, place, PlainRunner()).catch_up(lesson)
        yield place


def kernel_environment(course: Course, place: Workspace) -> dict[str, str]:
    """Return the environment of a kernel that works in a fresh workspace.

    It has an IPython profile of its own: nobody's start-up files touch the outputs.
    """
    return {
        **os.environ,
        **PLUGINS,
        VARIABLE: str(place.root),
        "KATA_COURSE": str(course.root),
        "IPYTHONDIR": str(place.root.parent / "ipython"),
        OUTPUTS: STORED,
    }
