"""The learner's folder: made once, found from anywhere, written whole or not at all."""

import os
import shutil
from pathlib import Path

import pytest

from kata.course.course import Course
from kata.errors import KataError
from kata.workspace import workspace
from kata.workspace.workspace import Workspace, write_atomically


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(autouse=True)
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Start each test without a workspace named or around."""
    monkeypatch.delenv(workspace.VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)


def test_a_workspace_holds_each_lesson_and_nothing_of_the_answers(
    place: Workspace, course: Course
) -> None:
    for lesson in course.curriculum.lessons:
        path = course.lesson_path(lesson)
        assert (place.root / path.name).read_bytes() == path.read_bytes()
    assert {path.name for path in place.root.iterdir()} == {
        workspace.MARKER,
        workspace.PYTEST_INI,
        "01_greeting.ipynb",
        "02_counting.ipynb",
    }


def test_making_it_twice_overwrites_nothing(place: Workspace, course: Course) -> None:
    (place.root / "01_greeting.ipynb").write_text("mine", encoding="utf-8")
    place.write("waybill/hello.py", "mine = 1\n")
    (place.root / "02_counting.ipynb").unlink()
    before = contents(place.root)
    assert workspace.create(place.root, course) == place
    now = contents(place.root)
    assert now.pop("02_counting.ipynb")
    assert now == before


def test_an_empty_folder_becomes_a_workspace(course: Course, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert workspace.create(tmp_path / "empty", course).root == tmp_path / "empty"


def test_a_folder_with_other_things_in_it_is_refused_and_stays(
    course: Course, tmp_path: Path
) -> None:
    folder = tmp_path / "thesis"
    folder.mkdir()
    (folder / "chapter.tex").write_text("x", encoding="utf-8")
    with pytest.raises(KataError, match="not empty, and it is not a workspace"):
        workspace.create(folder, course)
    assert contents(folder) == {"chapter.tex": b"x"}


def test_a_course_is_refused_as_a_workspace(course: Course, tmp_path: Path) -> None:
    other = Path(shutil.copytree(course.root, tmp_path / "another"))
    for root in (course.root, other):
        before = contents(root)
        with pytest.raises(KataError, match="holds the course itself"):
            workspace.create(root, course)
        assert contents(root) == before


def test_a_file_is_refused_as_a_workspace(course: Course, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(KataError, match="is a file, not a folder"):
        workspace.create(tmp_path / "file", course)


def test_it_is_found_from_inside_and_from_the_folder_above(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = workspace.create(tmp_path / workspace.DEFAULT, course)
    below = made.root / "waybill" / "api"
    below.mkdir(parents=True)
    for folder in (made.root, below, tmp_path):
        assert workspace.find(folder) == made
        monkeypatch.chdir(folder)
        assert workspace.find() == made


def test_the_environment_names_it_wherever_you_are(
    place: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(workspace.VARIABLE, str(place.root))
    assert workspace.find(tmp_path) == place


def test_a_workspace_that_the_environment_names_in_vain_is_refused(
    place: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(workspace.VARIABLE, str(tmp_path / "elsewhere"))
    with pytest.raises(KataError, match="that is not a workspace") as caught:
        workspace.find(place.root)
    assert f"kata start {tmp_path / 'elsewhere'}" in caught.value.next_step


def test_none_around_says_how_to_make_one_and_which_copy_to_open(
    tmp_path: Path,
) -> None:
    with pytest.raises(KataError, match="is not in a workspace") as caught:
        workspace.find(tmp_path)
    assert "`kata start`" in caught.value.next_step
    assert "not the copy in lessons/" in caught.value.next_step


def test_a_folder_that_is_gone_is_said_to_be_gone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    try:
        gone.rmdir()
    except OSError:
        # Windows keeps a folder that somebody is in: there it can't happen.
        assert os.name == "nt"
        return
    with pytest.raises(KataError, match="no longer exists"):
        workspace.find()


def test_a_file_that_is_not_there_has_no_text(place: Workspace) -> None:
    assert place.read("waybill/hello.py") is None


def test_a_text_comes_back_as_it_was_written(place: Workspace) -> None:
    text = "größe = '\u2028'\n\n"
    place.write("waybill/hello.py", text)
    assert place.read("waybill/hello.py") == text
    assert b"\r" not in (place.root / "waybill/hello.py").read_bytes()


def test_a_text_saved_by_another_system_is_the_same_text(place: Workspace) -> None:
    place.write("waybill/hello.py", "x = 1\n")
    path = place.root / "waybill/hello.py"
    path.write_bytes(b"\xef\xbb\xbfx = 1\r\n")
    assert place.read("waybill/hello.py") == "x = 1\n"
    place.write("waybill/hello.py", "x = 1\n")
    assert path.read_bytes() == b"\xef\xbb\xbfx = 1\r\n"


@pytest.mark.parametrize("content", [b"\xff\xfe", None])
def test_a_file_that_cannot_be_read_is_named(
    content: bytes | None, place: Workspace
) -> None:
    path = place.root / "waybill" / "hello.py"
    path.parent.mkdir()
    if content:
        path.write_bytes(content)
    else:
        path.mkdir()
    with pytest.raises(KataError, match=r"waybill/hello\.py can't be read") as caught:
        place.read("waybill/hello.py")
    assert str(path) in caught.value.next_step


def test_a_write_that_fails_leaves_the_old_text_and_no_litter(tmp_path: Path) -> None:
    path = tmp_path / "some.py"
    write_atomically(path, "old\n")
    with pytest.raises(KataError, match="could not be written") as caught:
        write_atomically(path, "new \ud800\n")
    assert "Nothing was changed" in caught.value.next_step
    assert contents(tmp_path) == {"some.py": b"old\n"}


def test_a_place_that_is_taken_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "some.py").mkdir()
    (tmp_path / "some.py" / "kept").write_text("x", encoding="utf-8")
    with pytest.raises(KataError, match="could not be written"):
        write_atomically(tmp_path / "some.py", "new\n")
    assert contents(tmp_path) == {"some.py/kept": b"x"}


# Modes don't keep root from writing, and these tests may run as root; that there is a
# file where a folder should be holds for everyone.
def test_a_folder_that_cannot_be_written_to_says_what_to_do(
    course: Course, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(KataError, match="could not be written") as caught:
        workspace.create(tmp_path / "file" / "below", course)
    assert "Make the folder writable" in caught.value.next_step
    assert "kata start SOME_FOLDER" in caught.value.next_step


def test_a_scratch_copy_holds_the_code_and_nothing_else(
    place: Workspace, tmp_path: Path
) -> None:
    for file in ("waybill/hello.py", "waybill/api/x.py", "tests/test_hello.py"):
        place.write(file, "x = 1\n")
    for file in (".git/config", ".venv/lib.py", "env/pyvenv.cfg", "env/lib.py"):
        place.write(file, "x")
    place.write("waybill/__pycache__/hello.pyc", "x")
    (tmp_path / "scratch").mkdir()
    copy = place.scratch_copy(tmp_path / "scratch")
    assert [*contents(copy.root)] == [
        "tests/test_hello.py",
        "waybill/api/x.py",
        "waybill/hello.py",
    ]
