"""What a visitor sees first: a cell, its red verdict, the fix, and the green one."""

from kata.course.course import Course
from kata.course.curriculum import Kata
from kata.display import html
from kata.errors import KataError
from kata.runner.choice import best_runner
from kata.site import shown
from kata.site.markdown import fence, page
from kata.verdict import Status
from kata.verify.bench import Bench

KATA = "first_endpoint.hello"
SLIP = ('"/hello"', '"/helo"')
"""What is right in our answer, and the slip that makes it red."""


def render(course: Course) -> str:
    """Return both verdicts as the checks give them now; a course may lack the kata."""
    kata = next((one for one in course.curriculum.katas if one.id == KATA), None)
    if kata is None or not course.checks_path(kata).exists():
        return page("")
    right = course.cells(kata).reference
    with best_runner(once=True) as runner:
        bench = Bench(course, runner)
        red = _verdict(bench, kata, right.replace(*SLIP), Status.FAILED)
        green = _verdict(bench, kata, right, Status.PASSED)
    return page(
        fence(right.replace(*SLIP), marked=[2]),
        red,
        "Fix the cell and press again. It is green, and the code is kept in your "
        "package.",
        fence(right, marked=[2]),
        green,
    )


def _verdict(bench: Bench, kata: Kata, source: str, wanted: Status) -> str:
    verdict = bench.on_prefix(kata, source)
    if verdict.status is not wanted:
        raise KataError(
            f"The home page shows {kata.id} as {wanted.name.lower()}, and it is "
            f"{verdict.status.name.lower()}.",
            f"Look at its checks, and at {__name__}.",
        )
    return shown.verdict_of(html.render(verdict))
