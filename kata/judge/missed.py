"""What an import or a name missed: which kata makes it."""

import re
from collections.abc import Sequence

from kata.course.curriculum import Kata
from kata.judge.case import Case
from kata.runner.report import Failure
from kata.source.imports import asked_in

MODULE = re.compile(r"^module '(?P<module>[\w.]+)' has no attribute")


def maker_of(case: Case, failure: Failure) -> Kata | None:
    """Return the kata that writes the name or the file that was missed, if any does."""
    if "partially initialized module" in failure.message:
        return None  # the name is there: two files import each other
    if failure.type == "ModuleNotFoundError":
        return _first_of_file(case, failure, failure.module)
    if not failure.name:
        return None
    module = _module(failure)
    if not module:
        return None
    named = case.course.provider(module, failure.name)
    return named or _first_of_file(case, failure, f"{module}.{failure.name}")


def _module(failure: Failure) -> str:
    """Return the module that a name was missed in, or nothing."""
    if failure.type == "ImportError":
        return failure.module
    if failure.type == "NameError" and failure.frames:
        return failure.frames[-1].file.removesuffix(".py").replace("/", ".")
    match = MODULE.match(failure.message)
    return match["module"] if match and failure.type == "AttributeError" else ""


def _first_of_file(case: Case, failure: Failure, module: str) -> Kata | None:
    """Return the kata to begin with where a module, or a package, is not there.

    It is the first of those that what was asked for needs. An earlier one of the same
    file may be stretch, and nothing to wait for.
    """
    katas = case.course.curriculum.katas
    making = [one for one in katas if f"{one.module}.".startswith(f"{module}.")]
    if any(case.has_region(one) for one in making):
        return None
    needed = _needed(case, failure, module)
    return next((one for one in making if one in needed), next(iter(making), None))


def _needed(case: Case, failure: Failure, module: str) -> Sequence[Kata]:
    """Return the katas of a module whose names were asked for, and what they need."""
    course = case.course
    text = case.files.get(failure.frames[-1].file, "") if failure.frames else ""
    asked = (course.provider(*one) for one in asked_in(text) if one[0] == module)
    if found := [one for one in asked if one]:
        return [*found, *(more for one in found for more in course.needs(one))]
    return course.needs(case.kata)
