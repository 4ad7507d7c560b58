"""A later lesson adds to Waybill; it edits nothing that an earlier one wrote.

The files in growth/ are the solutions of a made-up last lesson: a table, a router, an
error handler, a middleware and a resource.
"""

import json
import shutil
from pathlib import Path

import pytest

from kata.course.course import Course
from kata.course.find import find_course
from kata.display.text import render
from kata.runner.report import Job, Runner
from kata.source.cell import options
from kata.source.file import regions_in
from kata.verdict import Status
from kata.verify.bench import Bench
from kata.verify.sight import sees_what_was_added
from tests.helpers.places import TESTS

GROWTH = TESTS / "growth"
ORDER = ("tables", "invitations", "mount", "extend")
CHECKS = "checks/99_growth/test_grown.py"


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The course with one more lesson."""
    root = tmp_path_factory.mktemp("grown")
    real = find_course().root
    for part in ("solutions", "checks"):
        shutil.copytree(real / part, root / part)
    cells = [
        (GROWTH / f"{name}.py").read_text(encoding="utf-8").rstrip() for name in ORDER
    ]
    lesson = (real / "curriculum.toml").read_text(encoding="utf-8")
    (root / "curriculum.toml").write_text(lesson + listing(cells), encoding="utf-8")
    master = {
        "cells": [
            code_cell(f"{part}-{number}", source, tags)
            for number, source in enumerate(cells)
            for part, tags in (("stub", []), ("solution", ["solution"]))
        ],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    (root / "solutions" / "99_growth.ipynb").write_text(
        json.dumps(master), encoding="utf-8"
    )
    (root / CHECKS).parent.mkdir()
    shutil.copy(GROWTH / "checks.py", root / CHECKS)
    return Course(root)


def listing(cells: list[str]) -> str:
    rows = []
    for cell in cells:
        said = options(cell)
        rows.append(
            f'  {{ id = "{said["kata"]}", title = "A", file = "{said["file"]}", '
            f"minutes = 1, core = true }},"
        )
    return (
        '\n[[parts]]\ntitle = "More"\n[[parts.lessons]]\nslug = "99_growth"\n'
        'title = "Growth"\nkatas = [\n' + "\n".join(rows) + "\n]\n"
    )


def code_cell(name: str, source: str, tags: list[str]) -> dict[str, object]:
    return {
        "cell_type": "code",
        "id": name,
        "metadata": {"tags": tags},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


def test_growing_leaves_every_other_region_as_it_was(grown: Course) -> None:
    real = find_course()
    before = real.reference(real.curriculum.katas)
    after = grown.reference(grown.curriculum.katas)
    for file, text in before.items():
        assert regions_in(text).items() <= regions_in(after[file]).items(), file


def test_what_was_added_reaches_the_routes_that_were_there(
    grown: Course, real_runner: Runner, tmp_path: Path
) -> None:
    for file, text in grown.reference(grown.curriculum.katas).items():
        path = tmp_path / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    report = real_runner.run(Job(grown.root / CHECKS, tmp_path, "waybill.main", 20))
    assert [(one.check, one.failure) for one in report.checks] == [
        ("test_waybill_grew", None)
    ], report


def test_no_earlier_kata_turns_red(grown: Course, real_runner: Runner) -> None:
    bench = Bench(grown, real_runner)
    for kata in find_course().curriculum.katas:
        replaced = grown.curriculum.successor(kata)
        if not replaced and sees_what_was_added(grown, kata):
            verdict = bench.on_finished(kata, grown.cells(kata).reference)
            assert verdict.status is Status.PASSED, render(verdict)
