"""`kata export`: a project that needs nothing of the course."""

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from kata.course.course import Course
from kata.workspace import workspace as workspaces
from kata.workspace.workspace import Workspace
from tests.helpers.cli import answer, kata, workspace
from tests.helpers.loop import APP, FILE, GREET, STUB
from tests.helpers.places import ROOT
from tests.helpers.without_engine import WITHOUT_THE_ENGINE

COURSE = Course(ROOT)
PINS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
SERVED = ["waybill/__init__.py", FILE]


def run_there(folder: Path, code: str) -> subprocess.CompletedProcess[str]:
    """Run code in an exported project, in a process that can't import the engine."""
    clean = {
        k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "KATA_"))
    }
    return subprocess.run(
        [sys.executable, "-c", f"{WITHOUT_THE_ENGINE}\nsys.path.insert(0, '')\n{code}"],
        cwd=folder,
        env=clean,
        capture_output=True,
        text=True,
        check=False,
    )


def written(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder but progress."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and workspaces.MARKER not in path.parts
    }


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project that the real course's reference is exported as; only to be read."""
    folder = tmp_path_factory.mktemp("whole")
    place = workspaces.create(folder / "my-waybill", COURSE)
    place.write_all(COURSE.reference(COURSE.curriculum.katas))
    shown = kata("export", "../waybill", cwd=place.root, KATA_COURSE="")
    assert shown.status == 0, shown.err
    return folder / "waybill"


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    """A workspace of the sample course with its app."""
    place = workspace(tmp_path / "my-waybill")
    for cell in (GREET, APP):
        answer(place, cell)
    return place


def test_its_tests_pass_where_the_engine_cannot_be_imported(whole: Path) -> None:
    assert run_there(whole, "import kata").returncode != 0
    done = run_there(whole, "import pytest; sys.exit(pytest.main(['-q']))")
    assert done.returncode == 0, done.stdout
    tests = "".join(path.read_text("utf-8") for path in whole.glob("tests/*.py"))
    assert f"{len(re.findall('def test_', tests))} passed" in done.stdout


def test_its_container_serves_with_a_key_and_refuses_to_without(
    whole: Path, tmp_path: Path
) -> None:
    (app,) = re.findall(r'"uvicorn", "([\w.:]+)"', (whole / "Dockerfile").read_text())
    module, _, name = app.partition(":")
    ask = f"""
from fastapi.testclient import TestClient
import os
from {module} import {name}
os.chdir({str(tmp_path)!r})
with TestClient({name}) as client:
    assert client.get("/health").status_code == 200
"""
    refused = run_there(whole, ask)
    assert "UnsafeSettingsError: WAYBILL_SECRET_KEY" in refused.stderr
    key = "import os; os.environ['WAYBILL_SECRET_KEY'] = 'k' * 32\n"
    done = run_there(whole, key + ask)
    assert done.returncode == 0, done.stderr


def test_what_its_env_example_sets_is_enough_to_try_it(whole: Path) -> None:
    example = (whole / ".env.example").read_text("utf-8")
    (whole / ".env").write_text(example, encoding="utf-8")
    try:
        done = run_there(
            whole, "from waybill.main import app; print(app.state.settings.environment)"
        )
    finally:
        (whole / ".env").unlink()
    assert done.stdout.strip() == "development", done.stderr


def test_no_mark_of_the_course_is_left_in_it(whole: Path) -> None:
    for path, content in written(whole).items():
        assert not re.search(rb"\bkatas?\b", content), path


def test_its_code_is_formatted_and_has_no_fault(whole: Path) -> None:
    for arguments in (["check"], ["format", "--check"]):
        command = [sys.executable, "-m", "ruff", *arguments, "--isolated", "."]
        done = subprocess.run(
            command, cwd=whole, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout


def test_it_pins_what_the_service_needs_as_the_course_does(whole: Path) -> None:
    project = tomllib.loads((whole / "pyproject.toml").read_text("utf-8"))["project"]
    needs, test_needs = (
        project["dependencies"],
        project["optional-dependencies"]["test"],
    )
    assert {*needs, *test_needs} <= {*PINS["dependencies"]}
    names = [re.split(r"[=\[]", pin)[0] for pin in needs]
    assert names == [
        "aiosqlite",  # which no line imports: the database's address names it
        "anyio",
        "email-validator",  # which Pydantic imports where it reads `EmailStr`
        "fastapi",
        "pwdlib",
        "pydantic",
        "pydantic-settings",
        "pyjwt",
        "python-multipart",  # which FastAPI imports where it reads a form
        "redis",
        "sqlalchemy",
        "starlette",
        "uvicorn",
    ]
    assert [pin.partition("==")[0] for pin in test_needs] == [
        "httpx",
        "pytest",
    ]


def test_it_can_be_built_and_holds_the_package_alone(
    whole: Path, tmp_path: Path
) -> None:
    build = ["-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run([sys.executable, *build], cwd=whole, capture_output=True, check=True)
    (wheel,) = tmp_path.glob("waybill-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.partition("/")[0] for name in archive.namelist()}
    assert tops == {"waybill", "waybill-1.0.0.dist-info"}


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
