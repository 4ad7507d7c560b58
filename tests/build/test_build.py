"""`kata build`: what is derived is derived by deleting, and stays in step."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from kata.build.fresh import PLUGINS
from kata.course.course import Course
from kata.course.master import Raw, dump, read
from tests.helpers.cli import Answer, kata
from tests.helpers.places import ROOT, SAMPLE

NOTEBOOKS = sorted(
    path.relative_to(ROOT)
    for course in (ROOT, SAMPLE)
    for folder in ("solutions", "lessons")
    for path in (course / folder).glob("*.ipynb")
)
MASTER = Path("solutions/02_counting.ipynb")
LESSON = Path("lessons/02_counting.ipynb")
SERVICE = Path("solutions/service/waybill/numbers.py")


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A copy of the sample course that a test may change."""
    return shutil.copytree(SAMPLE, tmp_path / "course")


def build(course: Path, *arguments: str) -> Answer:
    return kata("build", *arguments, cwd=course, KATA_COURSE=str(course))


def contents(course: Path) -> dict[Path, bytes]:
    files = (path for path in course.rglob("*") if "__pycache__" not in path.parts)
    return {path: path.read_bytes() for path in files if path.is_file()}


def edit(path: Path, change: Callable[[Raw], object]) -> None:
    """Change a notebook the way an author's editor does."""
    raw = json.loads(path.read_text(encoding="utf-8"))
    change(raw)
    path.write_text(dump(raw), encoding="utf-8", newline="\n")


def cell(raw: Raw, name: str) -> Raw:
    return next(one for one in raw["cells"] if one["id"] == name)


@pytest.mark.parametrize("course", [ROOT, SAMPLE], ids=["course", "sample"])
def test_what_is_committed_is_in_step(course: Path) -> None:
    assert build(course, "--check") == Answer(0, "", "")


@pytest.mark.parametrize("name", ["conftest.py", "pytest.ini"])
def test_the_sample_has_what_the_checks_of_the_course_share(name: str) -> None:
    # The sample is copied to many places, so it holds a copy; this is its source.
    source, copied = ROOT / "checks" / name, SAMPLE / "checks" / name
    same = copied.read_bytes() == source.read_bytes()
    assert same, f"Copy {source.relative_to(ROOT)} to {copied.relative_to(ROOT)}."


@pytest.mark.parametrize("path", NOTEBOOKS, ids=str)
def test_jupyter_would_save_a_notebook_as_it_stands_on_disk(path: Path) -> None:
    text = (ROOT / path).read_bytes().decode()
    document = nbformat.reads(text, as_version=4)
    nbformat.validate(document)
    assert nbformat.writes(document) + "\n" == text


def test_building_twice_changes_nothing(course: Path) -> None:
    shutil.rmtree(course / "lessons")
    shutil.rmtree(course / "solutions" / "service")
    first = build(course)
    assert first.status == 0
    assert "lessons/02_counting.ipynb written" in first.out
    built = contents(course)
    assert build(course) == Answer(0, "", "")
    assert contents(course) == built
    for path, text in contents(SAMPLE).items():
        assert built[course / path.relative_to(SAMPLE)] == text


def damage(path: Path) -> Callable[[Path], object]:
    return lambda course: (course / path).write_text("changed", encoding="utf-8")


def remove(path: Path) -> Callable[[Path], object]:
    return lambda course: (course / path).unlink()


def windows_line_ends(course: Path) -> None:
    text = (course / LESSON).read_bytes()
    (course / LESSON).write_bytes(text.replace(b"\n", b"\r\n"))


def save_in_an_editor(course: Path) -> None:
    def change(raw: Raw) -> None:
        raw["metadata"]["language_info"] = {"name": "python", "version": "3.99"}
        raw["metadata"]["kernelspec"]["display_name"] = ".venv (Python 3.99)"
        cell(raw, "double-stub")["metadata"]["execution"] = {"iopub.status.busy": "now"}

    edit(course / MASTER, change)


@pytest.mark.parametrize(
    ("drift", "said"),
    [
        (damage(LESSON), f"{LESSON.as_posix()} differs from its master"),
        (remove(LESSON), f"{LESSON.as_posix()} is missing"),
        (windows_line_ends, f"{LESSON.as_posix()} differs from its master"),
        (damage(SERVICE), f"{SERVICE.as_posix()} differs from its master"),
        (remove(SERVICE), f"{SERVICE.as_posix()} is missing"),
        (save_in_an_editor, f"{MASTER.as_posix()} is not clean"),
    ],
)
def test_drift_is_found_and_mended(
    drift: Callable[[Path], object], said: str, course: Path
) -> None:
    before = contents(course)
    drift(course)
    drifted = contents(course)
    found = build(course, "--check")
    assert found == Answer(1, f"{said}\nRun `kata build`.\n", "")
    assert contents(course) == drifted, "--check changes nothing"
    assert build(course).status == 0
    assert contents(course) == before


@pytest.mark.parametrize(
    "stray", ["lessons/03_mine.ipynb", "solutions/service/waybill/old.py"]
)
def test_what_has_no_master_is_named_and_never_deleted(
    stray: str, course: Path
) -> None:
    (course / stray).write_text("an hour of somebody's work", encoding="utf-8")
    for arguments in (["--check"], []):
        found = build(course, *arguments)
        assert found.status == 1
        assert f"{stray} has no master" in found.out
    assert (course / stray).exists()


def test_what_tools_leave_behind_is_no_drift(course: Path) -> None:
    service = course / "solutions" / "service"
    for leftover in ("waybill/__pycache__/x.pyc", ".mypy_cache/x.json", ".DS_Store"):
        (service / leftover).parent.mkdir(exist_ok=True)
        (service / leftover).touch()
    assert build(course, "--check").status == 0


def test_a_lesson_is_its_master_without_answers_and_outputs() -> None:
    course = Course(ROOT)
    for lesson in course.curriculum.lessons:
        master = course.master(lesson).raw["cells"]
        cells = read(course.lesson_path(lesson)).raw["cells"]
        kept = [one for one in master if not {"hint", "solution"} & {*tags(one)}]
        assert [one["id"] for one in cells] == [one["id"] for one in kept]
        assert [one["source"] for one in cells] == [one["source"] for one in kept]
        assert not any(one.get("outputs") for one in cells)


def tags(raw: Raw) -> list[str]:
    return raw["metadata"].get("tags", [])


def test_running_a_master_twice_stores_the_same_bytes(course: Path) -> None:
    edit(course / MASTER, lambda raw: cell(raw, "double-solution").update(outputs=[]))
    assert "02_counting.ipynb has new outputs" in build(course, "--run", "02").out
    first = contents(course)
    assert build(course, "--run", "02") == Answer(0, "", "")
    assert contents(course) == first
    text = (course / MASTER).read_text(encoding="utf-8")
    assert json.loads(text)["metadata"].keys() == {"kernelspec"}
    for volatile in ("iopub", str(course), str(Path.home()), "\\r"):
        assert volatile not in text


def put_in_front(course: Path, source: str) -> None:
    """Give the first cell of a master another source."""
    edit(course / MASTER, lambda raw: cell(raw, "start").update(source=[source]))


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("1 / 0", "The cell `start` of 02_counting.ipynb raised ZeroDivisionError"),
        ("import os; os._exit(1)", "02_counting.ipynb did not run to its end"),
        ("object()", "The cell `start` of 02_counting.ipynb prints `0x"),
        ("%pwd", "which is another one in every run"),
    ],
)
def test_a_master_that_cannot_be_stored_is_named_and_left_as_it_is(
    source: str, said: str, course: Path
) -> None:
    put_in_front(course, source)
    before = contents(course)
    shown = build(course, "--run", "02")
    assert shown.status == 2
    assert said in " ".join(shown.err.split())
    assert "Traceback" not in shown.err
    assert contents(course) == before


def test_an_authors_own_ipython_profile_touches_no_output(course: Path) -> None:
    startup = course / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "mine.py").write_text("mine = 1", encoding="utf-8")
    put_in_front(course, "'mine' in globals()")
    arguments = ("build", "--run", "02")
    settings = {"KATA_COURSE": str(course), "IPYTHONDIR": str(course / "ipython")}
    assert kata(*arguments, cwd=course, **settings).status == 0
    raw = json.loads((course / MASTER).read_text(encoding="utf-8"))
    (output,) = cell(raw, "start")["outputs"]
    assert output["data"]["text/plain"] == ["False"]


def test_the_reference_passes_its_own_tests(tmp_path: Path) -> None:
    service = shutil.copytree(ROOT / "solutions" / "service", tmp_path / "service")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-W", "error", "tests"],
        cwd=service,
        env={**os.environ, **PLUGINS},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
