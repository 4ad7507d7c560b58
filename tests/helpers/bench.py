"""A sample course whose checks a test writes, to see what a verdict says of them."""

from dataclasses import dataclass
from pathlib import Path

from kata.course.course import Course
from kata.loop.loop import Loop
from kata.runner.plain import PlainRunner
from kata.verdict import Problem, Verdict
from kata.workspace import workspace

GREET = "#| kata: greeting.name\ndef greet(name: str) -> str:\n    return {}"
RIGHT = GREET.format('f"Hello, {name}!"')
GREETED = '''
async def test_it(connect):
    """It greets."""
    from waybill.hello import app

    async with connect(app) as client:
        assert (await client.get("/hello/Ada")).status_code == 200
'''
APP = """#| kata: greeting.hello
from fastapi import FastAPI

app = FastAPI()


@app.get("/hello/{name}")
async def hello(name: str) -> dict[str, str]:
"""


@dataclass
class Bench:
    """The sample course with checks of our own, and a learner's loop on it."""

    root: Path
    kata: str

    def run(self, checks: str, *cells: str) -> Verdict:
        """Run cells against these checks, and return the last verdict."""
        suite = self.root / "course" / "checks" / "01_greeting"
        file = suite / f"test_{self.kata.partition('.')[2]}.py"
        file.write_text(checks, encoding="utf-8")
        course = Course(self.root / "course")
        place = workspace.create(self.root / "workspace", course)
        loop = Loop(course, place, PlainRunner())
        return [loop.run_cell(cell) for cell in cells][-1]


def problem(verdict: Verdict) -> Problem:
    assert verdict.problem, verdict
    return verdict.problem
