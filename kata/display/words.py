"""The words both displays use, so that they say the same thing."""

from collections.abc import Iterator

from kata.course.curriculum import Kata
from kata.verdict import Exchange, Line, Outcome, Rule, Status, Verdict

LONGEST_BODY = 400
"""Characters of a request's or a response's body."""

LONGEST_PRINT = 10
"""Lines of what the code printed."""

REASON = {
    Status.PASSED: "passed",
    Status.FAILED: "not yet",
    Status.BROKEN: "broken",
    Status.UNTOUCHED: "your task",
    Status.BLOCKED: "blocked",
    Status.UNAVAILABLE: "unavailable here",
}


def headline(verdict: Verdict) -> str:
    """Return what is said after the status: how many rules hold, or why none ran."""
    if verdict.status is Status.PASSED:
        return f"{_all(len(verdict.rules))}"
    if verdict.status is Status.BROKEN:
        return "this code could not run to its end"
    if verdict.status is Status.BLOCKED:
        return "something else comes first"
    if verdict.status is Status.UNAVAILABLE:
        return "this machine lacks something; it does not count against you"
    if all(rule.outcome is Outcome.UNKNOWN for rule in verdict.rules):
        return _count(len(verdict.rules))
    return f"{verdict.holding} of {_count(len(verdict.rules))} hold"


def _all(number: int) -> str:
    return "its rule holds" if number == 1 else f"all {number} rules hold"


def _count(number: int) -> str:
    return "1 rule" if number == 1 else f"{number} rules"


def shown_rules(verdict: Verdict) -> tuple[Rule, ...]:
    """Return the rules worth showing: none where none of them was reached."""
    if verdict.status in {Status.BROKEN, Status.BLOCKED}:
        return ()
    return verdict.rules


def mark(rule: Rule, status: Status) -> str:
    """Return the word before a rule."""
    if rule.outcome is Outcome.HOLDS:
        return "holds"
    if status is Status.UNAVAILABLE:
        return "open"
    return "to do" if status is Status.UNTOUCHED else "not yet"


def where(line: Line) -> str:
    """Return what a line is called."""
    place = line.file or "this cell"
    return f"Line {line.number} of {place}"


def shortened(body: str) -> str:
    """Return a body as one line, cut where it would bury the verdict."""
    line = " ".join(body.split())
    return line if len(line) <= LONGEST_BODY else f"{line[:LONGEST_BODY]} …"


def exchange_rows(exchange: Exchange) -> Iterator[tuple[str, str]]:
    """Return what was sent and what came back, as pairs of a word and a text."""
    yield "Sent", f"{exchange.request}  {shortened(exchange.sent)}".rstrip()
    if exchange.response:
        body = shortened(exchange.received)
        yield "Received", f"{exchange.response}  {body}".rstrip()
    else:
        yield "Received", "nothing: the app raised an error, or did not answer"


def printed_lines(verdict: Verdict) -> str:
    """Return the beginning of what the code printed."""
    lines = verdict.printed.rstrip().splitlines()
    if len(lines) <= LONGEST_PRINT:
        return "\n".join(lines)
    more = len(lines) - LONGEST_PRINT
    return "\n".join([*lines[:LONGEST_PRINT], f"… and {more} lines more"])


def closing(verdict: Verdict) -> tuple[str, ...]:
    """Return the last lines: where the answer is, and the notes."""
    place = {
        Status.PASSED: f"Kept in {verdict.file}.",
        Status.FAILED: f"Written to {verdict.file}, to be mended.",
        Status.UNAVAILABLE: f"Kept in {verdict.file}, unchecked.",
    }.get(verdict.status)
    return (place,) if place and not verdict.notes else verdict.notes


def told_of_reset(kata: Kata, kept: int) -> tuple[str, ...]:
    """Return what to say of a reset; `kept` is the attempt that it undid, or 0."""
    if not kept:
        return (f"{kata.id} has no answer on disk: there was nothing to reset.",)
    return (
        f"{kata.id} is your task again: {kata.file} holds its starting code.",
        f"What was there is attempt {kept}, and "
        f"`kata history {kata.id} --restore {kept}` puts it back.",
    )
