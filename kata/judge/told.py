"""What a check tells of an exception: it ran code of the learner's, and caught it."""

import re
from dataclasses import replace

from kata.judge.case import Case
from kata.runner.report import Failure, Frame
from kata.source.cell import lines_of

TOLD = re.compile(r"\b(?P<type>[A-Z]\w*): (?P<message>[^\n]*?), at `(?P<line>[^`\n]+)`")
"""How a check that runs a learner's tests says how one of them ended."""
MISSED = re.compile(r"\ba missing fixture, `(?P<name>\w+)`")


def with_what_was_told(case: Case, failure: Failure) -> Failure:
    """Return a failure with the exception behind it, where its message tells of one.

    So its line is found and shown, and the kata that the line belongs to.
    """
    if failure.behind or failure.frames:
        return failure
    return replace(failure, behind=_raised(case, failure) or _missed(case, failure))


def _raised(case: Case, failure: Failure) -> Failure | None:
    match = TOLD.search(failure.message)
    frame = match and _where(case, match["line"])
    return (
        Failure(match["type"], match["message"], (frame,)) if match and frame else None
    )


def _missed(case: Case, failure: Failure) -> Failure | None:
    """Return the lack of a fixture that another kata has to define.

    Starting code lacks it as a matter of course: there the task is what counts.
    """
    match = MISSED.search(failure.message)
    provider = match and case.course.provider(case.kata.module, match["name"])
    if not match or provider in {None, case.kata} or case.is_untouched():
        return None
    frame = Frame(case.kata.file, 1)
    return Failure("NameError", failure.message, (frame,), name=match["name"])


def _where(case: Case, line: str) -> Frame | None:
    """Return where a line stands in the kata's file, if that is certain."""
    file = case.kata.file
    rows = enumerate(lines_of(case.files.get(file, "")), 1)
    found = [Frame(file, row) for row, text in rows if text.strip() == line.strip()]
    own = [frame for frame in found if case.owner(frame) == case.kata.id]
    certain = own or found
    return certain[0] if len(certain) == 1 else None
