"""Checks of a file that is no Python, on every back end: there is nothing to import."""

from pathlib import Path

from kata.runner.report import Runner
from kata.verdict import Status
from kata.verify.bench import Bench
from tests.helpers.text_course import IMAGE, IMAGE_ANSWER, IMAGE_STUB, text_course


def test_checks_of_a_file_that_is_no_python_import_nothing(
    tmp_path: Path, each_runner: Runner
) -> None:
    course = text_course(tmp_path / "course")
    bench = Bench(course, each_runner)
    image = course.curriculum.kata(IMAGE)
    green = bench.on_prefix(image, IMAGE_ANSWER)
    assert (green.status, green.imported) == (Status.PASSED, ())
    assert bench.refusal(image, IMAGE_STUB).status is Status.FAILED
