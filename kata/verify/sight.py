"""What the checks of a kata can see of the rest of Waybill."""

import re

from kata.course.course import Course
from kata.course.curriculum import Kata

WHOLE = re.compile(r"create_app|waybill\.(api|app|main)\b|metadata")
"""Where a check takes the whole app, its routes or its tables from."""


def sees_what_was_added(course: Course, kata: Kata) -> bool:
    """Tell whether a kata's checks look at the app, its routes or its tables.

    The others see a region of their own and those that it uses, and a later lesson
    leaves these as they were.
    """
    checks = course.checks_path(kata)
    files = [one for one in (checks, checks.with_name("conftest.py")) if one.exists()]
    return any(WHOLE.search(file.read_text(encoding="utf-8")) for file in files)
