"""A kata whose file is no Python, in a page: as any other one."""

from pathlib import Path

from kata.page.inside.desk import Desk
from tests.helpers.text_course import (
    DOCKERFILE,
    IMAGE,
    IMAGE_ANSWER,
    IMAGE_STUB,
    text_course,
)


def test_a_file_that_is_no_python_is_answered_and_taken_along(tmp_path: Path) -> None:
    course = text_course(tmp_path / "course")
    desk = Desk(course.root, tmp_path / "my-waybill", lambda _: None)
    assert desk.check(IMAGE_STUB)["verdict"] == "untouched"
    assert desk.check(IMAGE_ANSWER)["verdict"] == "passed"
    zipped = desk.take_along()["zip"]
    other = Desk(course.root, tmp_path / "other", lambda _: None)
    assert other.bring_back(zipped)["statuses"][IMAGE] == "passed"
    assert other.loop.workspace.read("Dockerfile") == DOCKERFILE
    shown = other.show("03", f"#| needs: {IMAGE}\nprint('It waits no more.')")
    assert "It waits no more." in shown["html"]
