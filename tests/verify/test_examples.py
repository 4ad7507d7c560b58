"""An example runs as in a fresh kernel, and in nothing else."""

import subprocess
from pathlib import Path

import pytest

from kata.verify import examples
from kata.verify.examples import run_alone, unbound

UTC = {"TZ": "UTC"}


def test_a_top_level_await_works_as_in_a_notebook() -> None:
    source = (
        "import asyncio\n\nasync def seats() -> int:\n    return 7\n\n"
        "async with asyncio.timeout(5):\n    print(await seats())\n"
    )
    assert run_alone(source, UTC).stdout == "7\n"


def test_models_find_the_names_of_their_own_cell() -> None:
    source = (
        "from __future__ import annotations\nfrom pydantic import BaseModel\n\n"
        "class Film(BaseModel):\n    seats: list[Seat]\n\n"
        "class Seat(BaseModel):\n    row: int\n\n"
        "print(Film(seats=[{'row': 7}]), __name__)\n"
    )
    assert run_alone(source, UTC).stdout == "seats=[Seat(row=7)] __main__\n"


def test_an_error_shows_the_line_of_the_example() -> None:
    run = run_alone("seats = 0\nprint(7 / seats)\n", UTC)
    assert run.returncode == 1
    assert "print(7 / seats)" in run.stderr


@pytest.mark.parametrize("module", ["waybill", "examples", "conftest"])
def test_neither_the_service_nor_this_folder_can_be_imported(
    module: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / f"{module}.py").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert "ModuleNotFoundError" in run_alone(f"import {module}", UTC).stderr


@pytest.mark.parametrize("forever", ["while True: pass", "sleep(3600)"])
def test_an_example_that_does_not_come_to_an_end_is_stopped(
    forever: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examples, "TIME_LIMIT", 0.5)
    source = f"from time import sleep\n{forever}"
    with pytest.raises(subprocess.TimeoutExpired):
        run_alone(source, UTC)


def test_what_is_set_for_the_service_is_not_set_for_an_example(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("WAYBILL_SECRET_KEY", "secret")
    source = "import os\nprint([n for n in os.environ if n.startswith('WAYBILL')])"
    assert run_alone(source, UTC).stdout == "[]\n"


@pytest.mark.parametrize(
    ("source", "missing"),
    [
        ("print(rows)", {"rows"}),
        ("def of(row):\n    return rows[row]\n\nprint(of(1))", {"rows"}),
        ("def of(row):\n    return rows[row]\n\nrows = {1: 2}\nprint(of(1))", set()),
        ("class Film:\n    seats: list[Seat]\n\nprint(Film, __name__)", {"Seat"}),
        ("from math import pi as p\nprint(p, pi)", {"pi"}),
        ("import asyncio\nawait asyncio.sleep(0)\nprint([x for x in 'ab'])", set()),
        ("for seat in range(2):\n    total = seat\nprint(total, seat)", set()),
        ("def f(a):\n    def g():\n        return a, b\n    return g\nf(1)", {"b"}),
        ("try:\n    1 / 0\nexcept OSError as error:\n    print(error)", set()),
    ],
)
def test_a_name_that_only_another_cell_brings_is_found(
    source: str, missing: set[str]
) -> None:
    assert unbound(source) == missing
