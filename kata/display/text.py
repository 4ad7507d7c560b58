"""A verdict as plain text: the twin of the HTML, and what a terminal shows."""

import textwrap
from collections.abc import Iterator

from kata.display.words import (
    REASON,
    closing,
    exchange_rows,
    headline,
    mark,
    printed_lines,
    shown_rules,
    where,
)
from kata.verdict import Problem, Verdict

WIDTH = 80


def render(verdict: Verdict) -> str:
    """Return a verdict as text of at most 80 columns, code and answers excepted."""
    return "\n".join(_lines(verdict))


def _lines(verdict: Verdict) -> Iterator[str]:
    status = REASON[verdict.status].upper()
    yield textwrap.fill(f"{status}: {verdict.kata}, {headline(verdict)}", WIDTH)
    rules = shown_rules(verdict)
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
        yield textwrap.fill(note, WIDTH)


def _problem(problem: Problem) -> Iterator[str]:
    if problem.rule:
        yield textwrap.fill(f"Rule: {problem.rule}", WIDTH)
    yield from _wrapped(problem.happened, "  ")
    for word, text in exchange_rows(problem.exchange) if problem.exchange else ():
        yield f"  {word:<9} {text}"
    if problem.line:
        yield f"  {where(problem.line)}:  {problem.line.text.strip()}"
    if problem.next_step:
        yield from _wrapped(f"Try: {problem.next_step}", "  ")


def _wrapped(text: str, indent: str) -> Iterator[str]:
    for line in text.splitlines():
        yield textwrap.fill(
            line,
            WIDTH,
            initial_indent="  ",
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )
