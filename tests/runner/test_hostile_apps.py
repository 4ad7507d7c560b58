"""A table of apps that do harm: routes that lie, that end Python, or never end."""

from pathlib import Path

import pytest

from kata.display.text import render
from kata.runner.report import Runner
from kata.verdict import Status
from tests.helpers.runner import SOON, assert_nothing_is_left, verdict_on

APP = """
from fastapi import FastAPI

app = FastAPI()


@app.get("/hello/{name}")
async def hello(name: str) -> dict[str, str]:
    return {"message": f"Hello, {name}!"}
"""


NOT_ENDED = "had not come to an end"
EQUAL_TO_ALL = (
    "from fastapi import HTTPException\n"
    "from fastapi.responses import JSONResponse\n\n\n"
    "class Status(int):\n"
    "    __eq__ = lambda *_: True\n"
    "    __hash__ = int.__hash__\n\n"
)
RETURN = 'return {"message": f"Hello, {name}!"}'


@pytest.mark.parametrize(
    "cheat",
    [
        "raise HTTPException(Status(500))",
        'return JSONResponse({"message": f"Hello, {name}!"}, Status(500))',
    ],
)
def test_a_status_that_equals_every_number_is_only_the_number_that_it_is(
    cheat: str, tmp_path: Path, each_runner: Runner
) -> None:
    app = APP.replace(RETURN, cheat).replace("-> dict[str, str]", "-> object")
    source = EQUAL_TO_ALL + app
    verdict = verdict_on(source, tmp_path, each_runner, name="greeting.hello")
    assert verdict.status is Status.FAILED, render(verdict)
    assert "It answered 500." in render(verdict)


@pytest.mark.parametrize("error", ["SystemExit(0)", "KeyboardInterrupt"])
def test_a_handler_that_would_end_python_is_named(
    error: str, tmp_path: Path, each_runner: Runner
) -> None:
    source = APP.replace("    return", f"    raise {error}\n    return")
    verdict = verdict_on(source, tmp_path, each_runner, name="greeting.hello")
    assert verdict.status is Status.FAILED, render(verdict)
    assert f"Your code raised {error.partition('(')[0]}" in render(verdict)
    assert_nothing_is_left(tmp_path, each_runner)


NEVER = "    while True:\n        await asyncio.sleep(0.01)\n"
ENDLESS = {
    "a handler that never answers": APP.replace("    return", NEVER + "    return"),
    "a stream without an end": APP.replace(
        '-> dict[str, str]:\n    return {"message": f"Hello, {name}!"}',
        "-> StreamingResponse:\n    return StreamingResponse(letters())",
    )
    + "\n\nasync def letters():\n"
    + NEVER
    + "        yield 'a'\n",
    "a dependency that never lets go": APP.replace(
        "(name: str)", "(name: str, x: Annotated[None, Depends(lent)])"
    ).replace("app =", f"async def lent():\n    yield\n{NEVER}\n\napp ="),
    "a background task that never ends": APP.replace(
        "(name: str)", "(name: str, later: BackgroundTasks)"
    ).replace("    return", "    later.add_task(asyncio.sleep, 3600)\n    return"),
}
IMPORTS = (
    "import asyncio\nfrom typing import Annotated\n"
    "from fastapi import BackgroundTasks, Depends\n"
    "from fastapi.responses import StreamingResponse\n"
)


@pytest.mark.parametrize("cell", ENDLESS)
def test_an_app_that_does_not_come_to_an_end_is_stopped(
    cell: str, tmp_path: Path, each_runner: Runner
) -> None:
    source = IMPORTS + ENDLESS[cell]
    verdict = verdict_on(source, tmp_path, each_runner, SOON, name="greeting.hello")
    assert verdict.status is Status.BROKEN, render(verdict)
    assert NOT_ENDED in render(verdict)
    assert_nothing_is_left(tmp_path, each_runner)


HARMLESS = {
    "a task left running": "import asyncio\n"
    + APP.replace(
        "    return", "    asyncio.create_task(asyncio.sleep(3600))\n    return"
    ),
    "a port bound for ever": (
        "import socket\ntaken = socket.create_server(('127.0.0.1', 0))\n" + APP
    ),
    "its own file deleted": (
        "from pathlib import Path\n" + APP + "\nPath(__file__).unlink()\n"
    ),
    "another folder": "import os\n" + APP + "\nos.chdir('/')\n",
    "a storm of warnings": (
        "import warnings\n" + APP + "\n"
        "for number in range(20_000):\n    warnings.warn(f'number {number % 50}')\n"
    ),
    "its own standard output": (
        "import io, sys\n" + APP + "\nsys.stdout = sys.stderr = io.StringIO()\n"
    ),
}
"""Odd, but the app answers as it should."""


@pytest.mark.parametrize("cell", HARMLESS)
def test_what_does_no_harm_is_no_reason_to_refuse_an_answer(
    cell: str, tmp_path: Path, each_runner: Runner
) -> None:
    verdict = verdict_on(HARMLESS[cell], tmp_path, each_runner, name="greeting.hello")
    assert verdict.status is Status.PASSED, render(verdict)
    assert_nothing_is_left(tmp_path, each_runner)


def test_an_event_loop_left_running_does_no_harm(
    tmp_path: Path, each_process: Runner
) -> None:
    source = (
        "import asyncio, threading\n"
        "threading.Thread(target=asyncio.new_event_loop().run_forever).start()\n" + APP
    )
    verdict = verdict_on(source, tmp_path, each_process, name="greeting.hello")
    assert verdict.status is Status.PASSED, render(verdict)
    assert_nothing_is_left(tmp_path, each_process)
