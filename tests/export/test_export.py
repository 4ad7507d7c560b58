"""`kata export`: a project that needs nothing of the course."""

import tomllib
from pathlib import Path

import pytest

from kata.course.course import Course
from kata.workspace import workspace as workspaces
from kata.workspace.workspace import Workspace
from tests.helpers.cli import answer, kata, workspace
from tests.helpers.loop import APP, FILE, GREET, STUB
from tests.helpers.places import ROOT

COURSE = Course(ROOT)
PINS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
SERVED = ["waybill/__init__.py", FILE]


def written(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder but progress."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and workspaces.MARKER not in path.parts
    }


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    """A workspace of the sample course with its app."""
    place = workspace(tmp_path / "my-waybill")
    for cell in (GREET, APP):
        answer(place, cell)
    return place


def test_a_service_under_way_says_what_is_not_green(place: Workspace) -> None:
    answer(place, GREET.replace("!", "?"))
    before = written(place.root)
    shown = kata("export", "../out", cwd=place.root)
    assert shown.status == 0
    assert "Not green yet, and written as it is: greeting.name." in shown.out
    assert written(place.root) == before
    out = place.root.parent / "out"
    assert {*SERVED, "Dockerfile", ".gitignore", ".dockerignore"} <= {*written(out)}
    assert 'CMD ["uvicorn", "waybill.hello:app"' in (out / "Dockerfile").read_text()
    assert "Hello, {name}?" in (out / FILE).read_text()
    assert "# kata:" not in (out / FILE).read_text()


def test_what_a_learner_added_comes_along(place: Workspace) -> None:
    place.write("waybill/extra.py", "import rich\nimport nothing_like_it\n")
    (place.root / "waybill" / "logo.png").write_bytes(b"\x89PNG\xff")
    assert kata("export", "../out", cwd=place.root).status == 0
    out = place.root.parent / "out"
    assert (out / "waybill" / "logo.png").read_bytes() == b"\x89PNG\xff"
    (rich,) = [pin for pin in PINS["dependencies"] if pin.startswith("rich==")]
    assert f'"{rich}"' in (out / "pyproject.toml").read_text()


def test_tests_that_are_still_starting_code_stay_behind(tmp_path: Path) -> None:
    place = workspaces.create(tmp_path / "my-waybill", COURSE)
    test = COURSE.curriculum.kata("first_endpoint.first_test")
    stub = {test.id: COURSE.cells(test).stub}
    before = COURSE.curriculum.katas[: COURSE.curriculum.katas.index(test) + 1]
    place.write_all(COURSE.reference(before, stub))
    kata("export", "../out", cwd=place.root, KATA_COURSE="")
    text = (tmp_path / "out" / "tests" / "test_hello.py").read_text("utf-8")
    assert "def client(" in text
    assert "def test_" not in text


@pytest.mark.parametrize(
    ("folder", "said"),
    [
        ("full", "is not empty"),
        ("a-file", "is a file, not a folder"),
        ("waybill", "lies in your service itself"),
        ("tests/out", "lies in your service itself"),
    ],
)
def test_a_folder_that_will_not_do_is_refused(
    folder: str, said: str, place: Workspace
) -> None:
    place.write("full/note", "mine")
    place.write("a-file", "mine")
    before = written(place.root)
    shown = kata("export", folder, cwd=place.root)
    assert shown.status == 2
    assert said in " ".join(shown.err.split())
    assert "`kata export ../waybill`" in shown.err
    assert written(place.root) == before


def test_there_is_nothing_to_export_before_the_first_kata(tmp_path: Path) -> None:
    place = workspace(tmp_path / "my-waybill")
    shown = kata("export", "../out", cwd=place.root)
    assert shown.status == 2
    assert "There is no service in your workspace yet." in shown.err
    assert not (tmp_path / "out").exists()


def test_a_line_that_is_no_python_is_named_before_anything_is_written(
    place: Workspace,
) -> None:
    answer(place, STUB)
    place.write(FILE, f"{place.read(FILE)}\nthis is no Python\n")
    shown = kata("export", "../out", cwd=place.root)
    assert shown.status == 2
    assert f"{FILE} is not valid Python" in shown.err
    assert not (place.root.parent / "out").exists()
