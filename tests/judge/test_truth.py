"""A verdict tells the truth: what was raised, and by whose line."""

from collections.abc import Callable

import pytest

from tests.helpers.bench import APP, GREET, GREETED, RIGHT, Bench, problem

ASKING = '''
async def test_it(connect):
    """It answers 200."""
    from waybill.hello import app
    {more}
    async with connect(app, raise_app_exceptions=False) as client:
        response = await client.get("/hello/Ada")
    assert response.status_code == 200, "It answered something else."
'''


def test_what_a_server_would_turn_into_a_500_is_told_with_its_line(
    bench: Callable[[str], Bench],
) -> None:
    cell = APP + '    return {"message": {}[name]}'
    verdict = bench("greeting.hello").run(ASKING.format(more=""), cell)
    said = problem(verdict)
    assert "It answered something else." in said.happened
    assert "Your code raised KeyError: 'Ada'" in said.happened
    assert said.line
    assert said.line.text.strip() == 'return {"message": {}[name]}'


def test_what_a_check_raised_in_the_app_to_see_what_happens_is_not_told(
    bench: Callable[[str], Bench],
) -> None:
    planted = """
    @app.middleware("http")
    async def fail(request, call_next):
        raise LookupError("planted")
    """
    cell = APP + '    return {"message": "x"}'
    verdict = bench("greeting.hello").run(ASKING.format(more=planted), cell)
    assert problem(verdict).happened == "It answered something else."


@pytest.mark.parametrize("end", ["", " from None", " from error"])
def test_what_lies_behind_a_checks_own_words_is_told(
    end: str, bench: Callable[[str], Bench]
) -> None:
    checks = f'''
def test_it():
    """A greeting is given."""
    from waybill.hello import greet

    try:
        greet("Ada")
    except Exception as error:
        raise AssertionError("There was no greeting."){end}
'''
    verdict = bench("greeting.name").run(checks, GREET.format("{}[name]"))
    said = problem(verdict)
    assert said.happened == "There was no greeting.\nYour code raised KeyError: 'Ada'"
    assert said.line
    assert said.line.number == 3


def test_of_a_group_of_exceptions_the_first_is_told(
    bench: Callable[[str], Bench],
) -> None:
    checks = '''
import asyncio

async def test_it():
    """A greeting is given."""
    from waybill.hello import greet

    async with asyncio.TaskGroup() as group:
        group.create_task(asyncio.to_thread(greet, "Ada"))
'''
    verdict = bench("greeting.name").run(checks, GREET.format("{}[name]"))
    said = problem(verdict)
    assert said.happened == "Your code raised KeyError: 'Ada'"
    assert said.line


def test_what_does_not_fit_its_annotation_is_shown_the_function(
    bench: Callable[[str], Bench],
) -> None:
    verdict = bench("greeting.hello").run(GREETED, RIGHT, APP + "    return name")
    said = problem(verdict)
    assert "ResponseValidationError" in said.happened
    assert "File" not in said.happened
    assert said.line
    assert said.line.text.startswith("@app.get")
    assert "does not fit the type after" in said.next_step


RESOURCE = """#| kata: greeting.hello
from contextlib import asynccontextmanager


@asynccontextmanager
async def open_desk():
    {body}


app = None
"""
OPENED = '''
async def test_it():
    """The desk opens."""
    from waybill.hello import open_desk

    try:
        async with open_desk():
            {inside}
    except LookupError:
        pass
'''


@pytest.mark.parametrize(
    ("body", "inside", "line", "advice"),
    [
        ("yield\n    yield", "pass", "yield", "yields exactly once"),
        ("if app:\n        yield", "pass", "async def open_desk():", "reach its"),
        (
            "try:\n        yield 1\n    except LookupError:\n        yield 2",
            "raise LookupError",
            "yield 2",
            "Let the exception pass on",
        ),
    ],
)
def test_a_function_that_yields_too_seldom_or_too_often_is_shown_its_line(
    body: str, inside: str, line: str, advice: str, bench: Callable[[str], Bench]
) -> None:
    verdict = bench("greeting.hello").run(
        OPENED.format(inside=inside), RESOURCE.format(body=body)
    )
    said = problem(verdict)
    assert "RuntimeError: generator didn't" in said.happened
    assert said.line
    assert said.line.text.strip() == line
    assert advice in said.next_step


def test_a_call_that_nobody_awaited_is_shown(bench: Callable[[str], Bench]) -> None:
    checks = '''
async def test_it():
    """It greets."""
    from waybill.hello import greeted, greet

    await greet("Ada")
    assert greeted == ["Ada"], "Nobody was greeted."
'''
    cell = """#| kata: greeting.name
greeted = []


async def note(name):
    greeted.append(name)


async def greet(name):
    note(name)
"""
    said = problem(bench("greeting.name").run(checks, cell))
    assert said.happened.startswith("Nobody was greeted.")
    assert "never awaited" in said.happened
    assert said.line
    assert said.line.text.strip() == "note(name)"
    assert said.next_step == "Put `await` before the call."


def test_a_library_that_is_not_implemented_is_no_task_of_the_learner(
    bench: Callable[[str], Bench],
) -> None:
    checks = '''
def test_it():
    """A greeting is signed."""
    from waybill.hello import greet

    greet("Ada")
'''
    cell = GREET.format("__import__('jwt').encode({}, name * 32, 'HS257')")
    said = problem(bench("greeting.name").run(checks, cell))
    assert said.happened == (
        "Your code raised NotImplementedError: Algorithm not supported"
    )
    assert "HS256" in said.next_step


def test_what_is_said_six_times_is_told_once(bench: Callable[[str], Bench]) -> None:
    checks = '''
def test_it():
    """A greeting is short."""
    from waybill.hello import greet

    raise AssertionError(f"It said: {greet('Ada')}. That is long.")
'''
    cell = GREET.format('"; ".join(["WAYBILL_SECRET_KEY is too short"] * 6)')
    assert problem(bench("greeting.name").run(checks, cell)).happened == (
        "It said: WAYBILL_SECRET_KEY is too short (said 6 times). That is long."
    )


def test_a_list_of_similar_texts_is_told_in_full(bench: Callable[[str], Bench]) -> None:
    checks = '''
def test_it():
    """A greeting is short."""
    from waybill.hello import greet

    raise AssertionError(f"It went {greet('Ada')}. That is long.")
'''
    cell = GREET.format("\"['open carriers', 'close carriers', 'close cache']\"")
    assert problem(bench("greeting.name").run(checks, cell)).happened == (
        "It went ['open carriers', 'close carriers', 'close cache']. That is long."
    )


def test_a_check_that_stumbles_over_a_500_tells_what_the_app_raised(
    bench: Callable[[str], Bench],
) -> None:
    checks = '''
async def test_it(connect):
    """It greets."""
    from waybill.hello import app

    async with connect(app, raise_app_exceptions=False) as client:
        assert (await client.get("/hello/Ada")).json()["message"]
'''
    cell = APP + '    return {"message": {}[name]}'
    said = problem(bench("greeting.hello").run(checks, cell))
    assert said.happened == "Your code raised KeyError: 'Ada'"
    assert said.line
    assert said.line.text.strip() == 'return {"message": {}[name]}'


def test_what_ran_out_in_a_coroutine_is_shown_its_line(
    bench: Callable[[str], Bench],
) -> None:
    checks = '''
async def test_it():
    """It greets."""
    from waybill.hello import greet

    await greet("Ada")
'''
    cell = "#| kata: greeting.name\nasync def greet(name):\n    return next(iter({}))"
    said = problem(bench("greeting.name").run(checks, cell))
    assert said.line
    assert said.line.number == 3
    assert "next(…, None)" in said.next_step


def test_a_librarys_bare_assert_is_named(bench: Callable[[str], Bench]) -> None:
    checks = '''
import httpx

async def test_it():
    """It greets."""
    from waybill.hello import app

    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
        await client.get("/hello/Ada")
'''
    cell = APP.replace("name: str)", "name: str, response: Response)")
    cell = cell.replace("import FastAPI", "import FastAPI, Response")
    cell = cell.replace("-> dict[str, str]", "-> Response") + "    return response"
    said = problem(bench("greeting.hello").run(checks, cell))
    assert said.happened == "`assert status_code is not None` in httpx did not hold"
    assert "return the value itself" in said.next_step
