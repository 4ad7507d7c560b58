"""Another kata that stands in the way: blamed only if its answer isn't right."""

from kata.course.curriculum import Kata
from kata.judge.case import Case
from kata.judge.explain import is_unwritten, named
from kata.judge.missed import maker_of
from kata.runner.report import Failure, Frame
from kata.verdict import Problem

Blame = tuple[str, Problem]
"""The id of the kata that comes first, and what to say of it."""


def other_kata_first(case: Case, failure: Failure) -> Blame | None:
    """Return the kata that has to be done before this one, or None."""
    other = case.elsewhere(failure.frames)
    if other and case.is_open(other):
        return other.id, _its_code_raised(other, failure)
    return _not_there_yet(case, failure)


def not_importing(case: Case, failure: Failure) -> Blame | None:
    """Return the kata whose code keeps this one's file from being imported, or None.

    One that was green is named as well: this kata can still be checked without it.
    """
    other = case.elsewhere(failure.frames)
    if other and not case.is_open(other):
        return other.id, Problem(
            f"{other.id} was right before, but now its code raises "
            f"{named(failure).rstrip('.')}.",
            next_step=f"Look at what this cell changed that {other.id} uses.",
        )
    return other_kata_first(case, failure)


def without_end(case: Case, stuck: tuple[Frame, ...]) -> Blame | None:
    """Return the kata whose code does not come to an end, if it isn't this one."""
    other = case.elsewhere(stuck)
    if other is None or not case.is_open(other):
        return None
    return other.id, Problem(
        f"This kata waits for {other.id}, whose code does not come to an end.",
        next_step=f"Fix {other.id} in its cell, then run this one again.",
    )


def _its_code_raised(other: Kata, failure: Failure) -> Problem:
    if is_unwritten(failure):
        return Problem(
            f"This kata waits for {other.id}, which is still to be written.",
            next_step=f"Finish {other.id} in its cell, then run this one again.",
        )
    return Problem(
        f"This kata waits for {other.id}, whose code raised "
        f"{named(failure).rstrip('.')}.",
        next_step=f"Fix {other.id} in its cell, then run this one again.",
    )


def comes_later(case: Case, failure: Failure) -> str:
    """Say what to do where what was missed is made by a later kata; else nothing."""
    maker = maker_of(case, failure)
    if maker is None or maker == case.kata or _is_before(case, maker, failure):
        return ""
    return (
        f"{maker.id}, which comes later in the course, writes that part of "
        f"{maker.file}. This kata needs nothing of it: take the import out."
    )


def _not_there_yet(case: Case, failure: Failure) -> Blame | None:
    maker = maker_of(case, failure)
    if maker is None or maker == case.kata or not _is_before(case, maker, failure):
        return None
    successors = case.course.curriculum.successors(maker)
    maker = next(filter(case.has_region, successors), maker)
    if maker == case.kata:
        return None
    if case.has_region(maker):
        lacks = f"{maker.file} has no `{failure.name}` yet"
        do = f"Define `{failure.name}` in the cell of {maker.id}, and run that one"
    else:
        lacks, do = "its cell has not been run yet", f"Run the cell of {maker.id}"
    return maker.id, Problem(
        f"This kata waits for {maker.id}: {lacks}.",
        next_step=f"{do} first{case.or_catch_up(maker)}.",
    )


def _is_before(case: Case, maker: Kata, failure: Failure) -> bool:
    """Tell whether a kata comes before the one whose code missed what it makes."""
    order = case.course.curriculum.katas
    return order.index(maker) < order.index(case.elsewhere(failure.frames) or case.kata)
