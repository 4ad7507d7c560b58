"""A verdict as plain text: the twin of the HTML, and what a terminal shows."""

import re
import textwrap
from collections.abc import Iterator

from kata.display.after import After
from kata.display.words import (
    REASON,
    closing,
    exchange_rows,
    folded,
    headline,
    mark,
    printed_lines,
    shown_rules,
    where,
)
from kata.verdict import Problem, Verdict

WIDTH = 80
QUOTED = re.compile(r"(?<!\w)'[^'\n]{1,40}'(?!\w)|`[^`\n]{1,40}`|\S  +\S")
"""A value whose spaces matter: no line is broken within it."""
UNBROKEN = "\ue000"
"""Stands for such a space while lines are made; nobody's text holds it."""


def render(verdict: Verdict, after: After | None = None) -> str:
    """Return a verdict as text of at most 80 columns, code and answers excepted."""
    return "\n".join(_lines(verdict, after))


def _lines(verdict: Verdict, after: After | None) -> Iterator[str]:
    status = REASON[verdict.status].upper()
    yield filled(f"{status}: {verdict.kata}, {headline(verdict)}")
    # Of a list that the notebook folds, the headline's number is enough here.
    rules = () if folded(verdict) else shown_rules(verdict)
    if rules:
        yield ""
    for rule in rules:
        yield from _wrapped(f"{mark(rule, verdict.status):<8} {rule.text}", " " * 11)
    if verdict.problem:
        yield ""
        yield from _problem(verdict.problem)
    if verdict.printed.strip():
        yield ""
        yield "Your code printed:"
        yield textwrap.indent(printed_lines(verdict), "  ")
    for note in closing(verdict):
        yield ""
        yield filled(note)
    if after:
        yield ""
        yield filled(after.praise)
        yield filled(after.pointer)


def _problem(problem: Problem) -> Iterator[str]:
    if problem.rule:
        yield filled(f"Rule: {problem.rule}")
    yield from _wrapped(problem.happened, "  ")
    yield from (f"    {line}" for line in problem.parting)
    for word, row in exchange_rows(problem):
        yield f"  {word:<9} {row}"
    if problem.line:
        yield f"  {where(problem.line)}:  {problem.line.text.strip()}"
    if problem.next_step:
        yield from _wrapped(f"Try: {problem.next_step}", "  ")


def filled(text: str, first: str = "", further: str = "") -> str:
    """Return a sentence in lines that fit; values keep their spaces, on one line."""
    kept = QUOTED.sub(lambda match: match[0].replace(" ", UNBROKEN), text)
    lines = textwrap.fill(
        kept,
        WIDTH,
        initial_indent=first,
        subsequent_indent=further,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return lines.replace(UNBROKEN, " ")


def _wrapped(text: str, indent: str) -> Iterator[str]:
    for line in text.splitlines():
        yield filled(line, "  ", indent)
