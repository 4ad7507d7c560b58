"""Proof by answers: stubs are red, right ones pass, wrong ones are refused."""

from collections.abc import Callable, Iterator
from pathlib import Path

from kata.course.course import Course
from kata.course.curriculum import Kata
from kata.display import text
from kata.errors import KataError
from kata.source.cell import options
from kata.verdict import Outcome, Status, Verdict
from kata.verify.bench import Bench
from kata.verify.fault import Fault, Kind
from kata.verify.sight import sees_what_was_added

WRONG_ANSWERS = 4
"""A kata has at least so many wrong answers."""
RIGHT_ANSWERS = 2
"""And at least so many right ones, written differently."""
Place = Callable[[Kata, str], Verdict | None]
"""Where an answer is tried, or only put: a method of a bench."""
UNHELPFUL = ("The check compared", "An assert without")
"""How a refusal begins whose assert has no message."""


def wrong_answers(course: Course, kata: Kata) -> list[Path]:
    """Return the files with a kata's wrong answers."""
    slug = course.curriculum.lesson_of(kata).slug
    folder = course.root / "tests" / "wrong_answers" / slug / kata.name
    return sorted(folder.glob("*.py"))


def prove_stub(bench: Bench, kata: Kata) -> Iterator[Fault]:
    """The stub runs and is red."""
    verdict = bench.refusal(kata, bench.course.cells(kata).stub)
    if verdict.status is not Status.FAILED:
        yield Fault(
            Kind.STUB,
            kata.id,
            f"the stub should run and be red:\n{text.render(verdict)}",
        )


def prove_right_answers(
    bench: Bench, kata: Kata, *, stored: bool = False
) -> Iterator[Fault]:
    """Every solution is green where a learner stands, and in the finished service.

    Where the checks lack what they need, that is the one fault: nothing can be proven.
    With `stored`, it is believed where a learner stands, since the master shows it, and
    so is the reference in the finished service: plain pytest runs all its checks there.
    Other answers are tried in it where checks can see what later lessons have added; to
    the rest it makes no difference.
    """
    solutions = bench.course.cells(kata).solutions
    if len(solutions) < RIGHT_ANSWERS:
        yield Fault(Kind.COUNT, kata.id, "it has one right answer; show another way")
    for source in solutions[1:] if stored else solutions:
        name = options(source).get("variant", "the reference")
        for place in _places(bench, kata, stored):
            try:
                verdict = place(kata, source)
            except KataError as error:
                yield Fault(Kind.ANSWER, kata.id, f"{name} should be green:\n{error}")
                continue
            if verdict is None:
                continue
            if verdict.status is Status.UNAVAILABLE:
                reason = verdict.problem.happened if verdict.problem else "they skip"
                yield Fault(Kind.UNAVAILABLE, kata.id, reason)
                return
            if verdict.status is not Status.PASSED:
                said = text.render(verdict)
                yield Fault(Kind.ANSWER, kata.id, f"{name} should be green:\n{said}")


def _places(bench: Bench, kata: Kata, stored: bool) -> list[Place]:
    places: list[Place] = [] if stored else [bench.on_prefix]
    if bench.course.curriculum.successor(kata):
        return places  # another one stands in the finished service
    if stored and not kata.server and not sees_what_was_added(bench.course, kata):
        return [*places, bench.in_finished]
    return [*places, bench.on_finished]


def prove_wrong_answers(
    bench: Bench, kata: Kata, most: int | None = None
) -> Iterator[Fault]:
    """Every wrong answer is refused by the check its header names, with help.

    With `most`, only so many of them are tried.
    """
    paths = wrong_answers(bench.course, kata)
    if len(paths) < WRONG_ANSWERS:
        yield Fault(
            Kind.COUNT,
            kata.id,
            f"it has {len(paths)} wrong answers; {WRONG_ANSWERS} are the least",
        )
    checks = {rule.check for rule in bench.course.rules(kata)}
    for path in paths[:most]:
        source = path.read_text(encoding="utf-8")
        wanted = options(source).get("refused_by", "")
        if options(source).get("kata") != kata.id or wanted not in checks:
            yield Fault(
                Kind.WRONG_ANSWER,
                kata.id,
                f"{path.name} has no `#| kata:` and `#| refused_by:` that fit",
            )
            continue
        yield from _refused(bench, kata, path.name, source, wanted)


def _refused(
    bench: Bench, kata: Kata, name: str, source: str, wanted: str
) -> Iterator[Fault]:
    try:
        verdict = bench.refusal(kata, source)
    except KataError as error:
        yield Fault(Kind.WRONG_ANSWER, kata.id, f"{name} can't be placed: {error}")
        return
    first = refusing_check(verdict)
    if first != wanted:
        yield Fault(
            Kind.WRONG_ANSWER,
            kata.id,
            f"{name} should be refused by {wanted}, and was refused by "
            f"{first or 'none'}:\n{text.render(verdict)}",
        )
    elif verdict.problem and verdict.problem.happened.startswith(UNHELPFUL):
        yield Fault(
            Kind.MESSAGE,
            kata.id,
            f"{name} is refused without a word of help:\n{verdict.problem.happened}",
        )


def refusing_check(verdict: Verdict) -> str:
    """Return the first check that refused an answer, or nothing."""
    if verdict.status is not Status.FAILED:
        return ""
    fails = (r.check for r in verdict.rules if r.outcome is Outcome.FAILS)
    return next(fails, "")
