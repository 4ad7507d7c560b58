"""What a kata imports, and an unanswered one makes: that one is named."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kata.course.course import Course
from kata.loop.loop import Loop
from kata.runner.plain import PlainRunner
from kata.verdict import Status, Verdict
from kata.workspace import workspace
from tests.helpers.bench import APP, RIGHT, Bench, problem
from tests.helpers.places import ROOT

DOUBLED = '''
def test_it():
    """It doubles."""
    from waybill.numbers import double

    assert double(1) == 2
'''
DOUBLE = """#| kata: counting.double
{imports}


def double(number: int) -> int:
    return 2 * number
"""
FILL = ", or let `%lesson --catch-up` (`kata catch-up`) fill in what is missing."


@pytest.mark.parametrize(
    "imports",
    [
        "from waybill import hello",
        "from waybill import hello as desk",
        "import waybill.hello",
        "from waybill.hello import app",
        "from waybill import hello\n\nAPP = hello.app",
        "import waybill\n\nAPP = waybill.hello.app",
        "from . import hello",
    ],
)
def test_a_file_that_is_not_there_is_that_of_the_kata_that_makes_it(
    imports: str, bench: Callable[[str], Bench]
) -> None:
    verdict = bench("counting.double").run(DOUBLED, DOUBLE.format(imports=imports))
    assert (verdict.status, verdict.waits_for) == (Status.BLOCKED, "greeting.name")
    assert problem(verdict).happened == (
        "This kata waits for greeting.name: its cell has not been run yet."
    )
    assert problem(verdict).next_step == f"Run the cell of greeting.name first{FILL}"


@pytest.mark.parametrize(
    "imports",
    [
        "from waybill.hello import app",
        "from waybill import hello\n\nAPP = hello.app",
        "import waybill.hello\n\nAPP = waybill.hello.app",
        "import waybill.hello as desk\n\nAPP = desk.app",
    ],
)
def test_a_name_that_a_file_lacks_is_that_of_the_kata_that_makes_it(
    imports: str, bench: Callable[[str], Bench]
) -> None:
    cells = RIGHT, DOUBLE.format(imports=imports)
    verdict = bench("counting.double").run(DOUBLED, *cells)
    assert (verdict.status, verdict.waits_for) == (Status.BLOCKED, "greeting.hello")


def test_a_name_that_is_missed_when_a_check_runs_is_that_of_its_kata(
    bench: Callable[[str], Bench],
) -> None:
    cell = DOUBLE.format(imports="from waybill import hello")
    cell = cell.replace("    return", "    hello.app.title\n    return")
    verdict = bench("counting.double").run(DOUBLED, RIGHT, cell)
    assert (verdict.status, verdict.waits_for) == (Status.BLOCKED, "greeting.hello")


def test_an_answer_that_lacks_a_name_is_told_to_define_it(
    bench: Callable[[str], Bench],
) -> None:
    app = APP.replace("app", "desk") + '    return {"message": "x"}'
    cell = DOUBLE.format(imports="from waybill.hello import app")
    said = problem(bench("counting.double").run(DOUBLED, app, cell))
    assert said.happened == (
        "This kata waits for greeting.hello: waybill/hello.py has no `app` yet."
    )
    assert said.next_step == (
        f"Define `app` in the cell of greeting.hello, and run that one first{FILL}"
    )


@pytest.mark.parametrize(
    "imports",
    [
        "from waybill import numbers",
        "import waybill.numbers",
        "from waybill.numbers import double",
    ],
)
def test_a_kata_that_comes_later_is_not_waited_for(
    imports: str, bench: Callable[[str], Bench]
) -> None:
    checks = DOUBLED.replace("waybill.numbers import double", "waybill import hello")
    cell = RIGHT.replace("\n", f"\n{imports}\n\n\n", 1)
    verdict = bench("greeting.name").run(checks, cell)
    said = problem(verdict)
    assert verdict.status is Status.BROKEN
    assert said.next_step == (
        "counting.double, which comes later in the course, writes that part of "
        "waybill/numbers.py. This kata needs nothing of it: take the import out."
    )


@pytest.mark.parametrize("imports", ["from waybill import helo", "import waybill.helo"])
def test_a_slip_of_the_pen_is_no_kata(
    imports: str, bench: Callable[[str], Bench]
) -> None:
    verdict = bench("counting.double").run(DOUBLED, DOUBLE.format(imports=imports))
    assert verdict.status is Status.BROKEN
    assert "spelling" in problem(verdict).next_step


def without(root: Path, kata: str, *missing: str) -> Verdict:
    """Run Waybill's own answer where all before it is given, but for some katas."""
    course = Course(ROOT)
    katas = course.curriculum.katas
    wanted = course.curriculum.kata(kata)
    place = workspace.create(root, course)
    before = katas[: katas.index(wanted)]
    place.write_all(course.reference(one for one in before if one.id not in missing))
    loop = Loop(course, place, PlainRunner())
    return loop.run_cell(course.cells(wanted).reference)


@pytest.mark.parametrize(
    ("kata", "missing", "first"),
    [
        ("streaming.api", ["streaming.events"], "streaming.events"),
        ("streaming.api", ["streaming.follow", "streaming.events"], "streaming.follow"),
        ("streaming.forms_api", ["streaming.read_form"], "streaming.read_form"),
        ("jwt.api", ["jwt.create_token"], "jwt.create_token"),
        (
            "passwords.api",
            ["passwords.canonical", "passwords.sign_up", "passwords.sign_in"],
            "passwords.canonical",
        ),
    ],
)
def test_urls_wait_for_the_routes_behind_them(
    kata: str, missing: list[str], first: str, tmp_path: Path
) -> None:
    verdict = without(tmp_path, kata, *missing)
    assert (verdict.status, verdict.waits_for) == (Status.BLOCKED, first)


def test_a_kata_needs_the_routes_that_its_urls_lead_to() -> None:
    course = Course(ROOT)
    for kata, routes in {
        "streaming.api": {"streaming.exports", "streaming.events"},
        "streaming.forms_api": {"streaming.read_form"},
        "repository.api": {"repository.edit"},
        "jwt.api": {"jwt.create_token"},
    }.items():
        needed = {one.id for one in course.needs(course.curriculum.kata(kata))}
        assert routes <= needed, kata
