"""The words both displays use, so that they say the same thing."""

import re
from collections.abc import Iterator

from kata.course.curriculum import Kata
from kata.display.bodies import excerpt, form, header
from kata.verdict import Line, Outcome, Problem, Rule, Status, Verdict

LONGEST_PRINT = 10
"""Lines of what the code printed."""

REASON = {
    Status.PASSED: "passed",
    Status.FAILED: "not yet",
    Status.BROKEN: "broken",
    Status.UNTOUCHED: "your task",
    Status.BLOCKED: "blocked",
    Status.UNAVAILABLE: "unavailable here",
    Status.GIVEN: "given",
}


SYMBOL = {
    Status.PASSED: "✓",
    Status.FAILED: "✗",
    Status.BROKEN: "⚠\ufe0e",
    Status.UNTOUCHED: "○",
    Status.BLOCKED: "‖",
    Status.UNAVAILABLE: "…",
    Status.GIVEN: "◇",
}
"""What stands before the word where any character can be shown."""
HEADER = re.compile(r"[\w-]+: .*")


def headline(verdict: Verdict) -> str:
    """Return what is said after the status: how many rules hold, or why none ran."""
    if verdict.status.is_right:
        return f"{_all(len(verdict.rules))}"
    if verdict.status is Status.BROKEN:
        return "this code did not run to its end"
    if verdict.status is Status.BLOCKED:
        return "something else comes first"
    if verdict.status is Status.UNAVAILABLE:
        return "this machine lacks something; it does not count against you"
    if all(rule.outcome is Outcome.UNKNOWN for rule in verdict.rules):
        return counted(len(verdict.rules), "rule")
    return f"{verdict.holding} of {counted(len(verdict.rules), 'rule')} hold"


def _all(number: int) -> str:
    return "its rule holds" if number == 1 else f"all {number} rules hold"


def counted(number: int, noun: str) -> str:
    """Return a number and what it counts: `1 rule`, `2 rules`."""
    return f"1 {noun}" if number == 1 else f"{number} {noun}s"


def shown_rules(verdict: Verdict) -> tuple[Rule, ...]:
    """Return the rules worth showing: none where none of them was reached."""
    if verdict.status in {Status.BROKEN, Status.BLOCKED}:
        return ()
    return verdict.rules


def folded(verdict: Verdict) -> str:
    """Return what stands over the rules where they are folded, or nothing.

    A green verdict has none left to read. Those of starting code are the task's, which
    stands right above it.
    """
    rules = counted(len(verdict.rules), "rule")
    if verdict.status is Status.UNTOUCHED:
        return f"Your task: {rules}"
    return f"What holds: {rules}" if verdict.status.is_right else ""


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


def exchange_rows(problem: Problem) -> Iterator[tuple[str, str]]:
    """Return what was sent and what came back: a word, and a line of text each.

    Further lines of the same have no word.
    """
    exchange = problem.exchange
    if exchange is None:
        return
    about, lines = problem.happened, exchange.sent.split("\n")
    headers = [line for line in lines[:-1] if HEADER.fullmatch(line)]
    body = "\n".join(lines[len(headers) :])
    sent = [*map(header, headers), *(form(body) or excerpt(body, about)).splitlines()]
    yield from _rows("Sent", exchange.request, sent)
    if exchange.response:
        received = excerpt(exchange.received, about)
        yield from _rows("Received", exchange.response, received.splitlines())
    else:
        yield "Received", "nothing: the app raised an error, or did not answer"


def _rows(word: str, first: str, more: list[str]) -> Iterator[tuple[str, str]]:
    if len(more) == 1:
        first, more = f"{first}  {more[0]}", []
    yield word, first
    yield from (("", line) for line in more)


def printed_lines(verdict: Verdict) -> str:
    """Return the beginning of what the code printed."""
    lines = verdict.printed.rstrip().splitlines()
    if len(lines) <= LONGEST_PRINT:
        return "\n".join(lines)
    more = len(lines) - LONGEST_PRINT
    return "\n".join([*lines[:LONGEST_PRINT], f"… and {counted(more, 'line')} more"])


def closing(verdict: Verdict) -> tuple[str, ...]:
    """Return the last lines: where the answer is, and the notes."""
    place = {
        Status.PASSED: f"Kept in {verdict.file}.",
        Status.FAILED: f"Your code is in {verdict.file}.",
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


def told_of_gift(kata: Kata, kept: int) -> tuple[str, ...]:
    """Return what to say of a kata that was filled in; `kept` is the attempt before."""
    told = [
        f"{kata.id} is given: {kata.file} holds the reference.",
        "It is neither green nor open. Run an answer of your own when you like: once "
        "that passes, the kata is green.",
    ]
    if kept:
        told.append(
            f"What was there is attempt {kept}, and "
            f"`kata history {kata.id} --restore {kept}` puts it back."
        )
    return tuple(told)
