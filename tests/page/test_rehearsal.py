"""What a page runs while nobody waits."""

import sys

from kata.page.inside.course import PageCourse
from kata.page.inside.rehearsal import rehearse
from tests.helpers.places import SAMPLE


def test_a_rehearsal_comes_to_its_end_and_leaves_no_service_behind() -> None:
    course = PageCourse(SAMPLE)
    for kata in course.curriculum.katas:
        assert rehearse(course, kata.id)["ending"] == "finished"
    assert not [name for name in sys.modules if name.partition(".")[0] == "waybill"]
