"""What goes to a page: enough, and nothing that can't run there."""

import subprocess
import sys
from pathlib import Path

import pytest

from kata.cli.build import katas_in_pages
from kata.course.course import Course
from kata.errors import KataError
from kata.page import marks, parts
from tests.helpers.places import ROOT, SAMPLE
from tests.helpers.site import copy_of

COURSE = Course(ROOT)
NOT_THERE = (
    *("IPython", "typer", "psutil", "watchfiles", "rich", "nbformat", "mkdocs"),
    *("jupyter_core", "nbclient", "uvicorn", "multiprocessing"),
)
LONELY = f"""
import sys

class NotThere:
    def find_spec(name, path=None, target=None):
        if name.partition(".")[0] in {NOT_THERE!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, NotThere)
sys.path.insert(0, sys.argv[1])
import kata
assert kata.__file__.startswith(sys.argv[1]), kata.__file__
import kata.page.inside.service
import kata.runner.child.errand
from pathlib import Path
from kata.page.inside.desk import Desk
desk = Desk(Path(sys.argv[2]), Path(sys.argv[1], "my-waybill"), lambda line: None)
cell = "#| kata: greeting.name\\ndef greet(name):\\n    return f'Hello, {{name}}!'"
print(desk.check(cell)["verdict"])
"""


def test_the_engine_that_a_page_gets_is_whole_and_needs_no_more(tmp_path: Path) -> None:
    for name, data in parts.engine().items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-P", "-c", LONELY, str(tmp_path), str(SAMPLE)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "passed\n", done.stderr


def test_a_page_gets_no_outputs_and_every_check() -> None:
    files = parts.course_files(COURSE)
    for kata in COURSE.curriculum.katas:
        assert COURSE.checks_path(kata).relative_to(ROOT).as_posix() in files
    masters = [data for name, data in files.items() if name.endswith(".ipynb")]
    assert len(masters) == len(COURSE.curriculum.lessons)
    assert not any(b'"output_type"' in data for data in masters)


@pytest.mark.parametrize(
    ("kata", "needed"),
    [
        ("first_endpoint.app", set()),
        ("database.tables", {"sql"}),
        ("migrations.baseline", {"sql", "alembic"}),
        ("passwords.sign_up", {"sql", "alembic", "argon2"}),
        ("rate_limiting.redis_bucket", {"sql", "alembic", "argon2", "redis"}),
    ],
)
def test_a_kata_loads_what_it_and_those_before_it_import(
    kata: str, needed: set[str]
) -> None:
    found = parts.needed(COURSE, COURSE.curriculum.kata(kata))
    assert found[:3] == parts.ALWAYS
    assert needed <= {*found[3:]} <= needed | {"uvicorn"}


def test_what_a_page_imports_has_a_part() -> None:
    assert {*parts.IMPORTS.values()} <= {*parts.LIBRARIES}
    assert {*parts.FOREIGN.values()} <= {*parts.LIBRARIES}


def test_wheels_and_the_course_pin_the_same_versions() -> None:
    pinned = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    wheels = (ROOT / "kata/page/web/wheels.txt").read_text(encoding="utf-8")
    (core,) = [line.split()[0] for line in wheels.splitlines() if "pydantic" in line][
        -1:
    ]
    assert f'"{core}"' in pinned
    assert wheels.count("--hash=sha256:") == wheels.count("==")


def test_no_file_for_pages_names_a_registry() -> None:
    web = ROOT / "kata" / "page" / "web"
    for path in web.iterdir():
        assert "registry" not in path.read_text(encoding="utf-8"), path


def test_marks_are_of_katas_that_exist_and_say_something(tmp_path: Path) -> None:
    assert all(mark.said.endswith(".") for mark in marks.load(COURSE).values())
    assert marks.load(Course(SAMPLE)) == {}
    (tmp_path / "site").mkdir()
    text = (SAMPLE / "curriculum.toml").read_text(encoding="utf-8")
    (tmp_path / "curriculum.toml").write_text(text, encoding="utf-8")
    for said, told in (
        ('[katas."greeting.nobody"]\nsaid = "It waits."', "There is no kata"),
        ('[katas."greeting.name"]\nhow = "It waits."', "can't be read"),
    ):
        (tmp_path / marks.DATA).write_text(said, encoding="utf-8")
        with pytest.raises(KataError, match=told):
            marks.load(Course(tmp_path))


def test_without_npm_the_site_goes_without_and_says_so_in_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    course = copy_of(SAMPLE, tmp_path / "course")
    (course / marks.DATA).unlink()
    assert katas_in_pages(Course(course)) == {}
    *_, said = capsys.readouterr().out.splitlines()
    assert said.startswith("Without katas in the pages: Node or its npm is missing.")
