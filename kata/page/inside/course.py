"""The course as a page has it: the same, with time limits for a slower Python."""

from dataclasses import replace
from functools import cached_property

from kata.course.course import Course
from kata.course.curriculum import Curriculum

SLOWER = 3
"""How many times longer a check may take here: WebAssembly is that much slower."""


class PageCourse(Course):
    """A course whose katas may take longer."""

    @cached_property
    def curriculum(self) -> Curriculum:
        """What curriculum.toml lists, with longer time limits."""
        known = Course(self.root).curriculum
        parts = tuple(
            replace(
                part,
                lessons=tuple(
                    replace(
                        lesson,
                        katas=tuple(
                            replace(kata, time_limit=SLOWER * kata.time_limit)
                            for kata in lesson.katas
                        ),
                    )
                    for lesson in part.lessons
                ),
            )
            for part in known.parts
        )
        return replace(known, parts=parts)
