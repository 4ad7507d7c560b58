"""Where the course is: in this clone, in the wheel, or where a variable says."""

import os
from functools import cache
from pathlib import Path

from kata.course.course import Course


@cache
def find_course() -> Course:
    """Return the installed course: KATA_COURSE, the clone, or the one in the wheel."""
    package = Path(__file__).parents[1]
    if named := os.environ.get("KATA_COURSE"):
        return Course(Path(named).resolve())
    if (package.parent / "curriculum.toml").exists():
        return Course(package.parent)
    return Course(package / "content")
