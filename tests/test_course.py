"""The course on disk: its cells, its rules, the reference they add up to."""

import shutil
from pathlib import Path

import pytest

from kata.course.course import Course
from kata.course.find import find_course
from kata.errors import KataError
from kata.verdict import Rule


@pytest.fixture
def copy(course: Course, tmp_path: Path) -> Course:
    """A copy of the sample course that a test may spoil."""
    return Course(Path(shutil.copytree(course.root, tmp_path / "course")))


def spoil(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_reference_is_what_the_solutions_add_up_to(course: Course) -> None:
    built = course.root / "solutions" / "service"
    assert course.reference(course.curriculum.katas) == {
        path.relative_to(built).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(built.rglob("*.py"))
    }


def test_the_reference_of_some_katas_holds_those_only(course: Course) -> None:
    name, hello, _ = course.curriculum.katas
    first = course.reference([name])
    assert [*first] == ["waybill/__init__.py", "waybill/hello.py"]
    assert "# kata: greeting.hello" not in first["waybill/hello.py"]
    assert course.reference([hello, name]) == course.reference([name, hello])


def test_the_rules_of_a_kata_are_its_checks_docstrings(course: Course) -> None:
    kata = course.curriculum.kata("greeting.name")
    assert course.rules(kata) == (
        Rule("test_greets_by_name", "A greeting holds the name it is given."),
        Rule("test_ends_with_a_mark", "A greeting ends with an exclamation mark."),
    )


def test_katas_before_a_lesson_are_those_of_all_earlier_ones(course: Course) -> None:
    first, second = course.curriculum.lessons
    assert course.katas_before(first) == ()
    assert course.katas_before(second) == first.katas


def test_a_name_of_the_service_leads_to_its_kata(course: Course) -> None:
    provider = course.provider("waybill.hello", "app")
    assert provider == course.curriculum.kata("greeting.hello")
    assert course.provider("waybill.hello", "FastAPI") is None
    assert course.provider("waybill.numbers", "app") is None


def test_a_package_in_a_package_has_both_files(course: Course) -> None:
    assert course.packages(["waybill/api/parcels.py", "top.py"]) == {
        "waybill/__init__.py": '"""A sample service."""\n',
        "waybill/api/__init__.py": "",
    }


def test_a_kata_without_cells_is_named(copy: Course) -> None:
    kata = copy.curriculum.kata("counting.double")
    spoil(
        copy.root / "solutions/02_counting.ipynb", "counting.double", "counting.triple"
    )
    with pytest.raises(KataError, match=r"02_counting\.ipynb has no kata"):
        copy.cells(kata)


def test_a_kata_without_a_solution_is_named(copy: Course) -> None:
    kata = copy.curriculum.kata("counting.double")
    spoil(copy.root / "solutions/02_counting.ipynb", '"solution"', '"draft"')
    with pytest.raises(KataError, match=r"has no solution of `counting\.double`"):
        copy.cells(kata)


@pytest.mark.parametrize("content", [b"def broken(", b"x = '\0'", b"\xff", None])
def test_checks_that_cannot_be_read_are_named(
    content: bytes | None, copy: Course
) -> None:
    kata = copy.curriculum.kata("counting.double")
    path = copy.checks_path(kata)
    path.unlink()
    if content:
        path.write_bytes(content)
    with pytest.raises(KataError, match=r"checks of counting\.double can't be read"):
        copy.rules(kata)


def test_the_course_is_where_the_environment_says_or_in_the_clone(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    find_course.cache_clear()
    monkeypatch.delenv("KATA_COURSE", raising=False)
    assert find_course().root == Path(__file__).parents[1]
    find_course.cache_clear()
    monkeypatch.setenv("KATA_COURSE", str(course.root))
    assert find_course().root == course.root
    find_course.cache_clear()
