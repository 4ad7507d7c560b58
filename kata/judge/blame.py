"""Another kata that stands in the way: blamed only if its answer isn't right."""

from kata.course.curriculum import Kata
from kata.judge.case import Case
from kata.judge.explain import is_unwritten, named
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


def _not_there_yet(case: Case, failure: Failure) -> Blame | None:
    if "partially initialized module" in failure.message:
        return None  # the name is there: two files import each other
    provider = _provider(case, failure)
    successor = provider and case.course.curriculum.successor(provider)
    if successor and case.has_region(successor):
        provider = successor
    if provider is None or provider == case.kata:
        return None
    missing = (
        f"{provider.file} has no `{failure.name}` yet"
        if case.has_region(provider)
        else "its cell has not been run yet"
    )
    return provider.id, Problem(
        f"This kata waits for {provider.id}: {missing}.",
        next_step=f"Run the cell of {provider.id} first{case.or_catch_up(provider)}.",
    )


def _provider(case: Case, failure: Failure) -> Kata | None:
    """Return the kata that writes the name or the module that was missed."""
    curriculum = case.course.curriculum
    if failure.type == "NameError" and failure.frames:
        module = failure.frames[-1].file.removesuffix(".py").replace("/", ".")
        return case.course.provider(module, failure.name)
    if failure.type == "ImportError" and failure.name:
        return case.course.provider(failure.module, failure.name)
    if failure.type == "ModuleNotFoundError":
        package = failure.module + "."
        katas = (k for k in curriculum.katas if f"{k.module}.".startswith(package))
        return next(katas, None)
    return None
