"""A verdict as HTML for a notebook: light or dark, with or without colour.

Only inline styles, because notebooks drop style sheets from outputs; text takes the
theme's own colour, and every colour only repeats what a word says.
"""

from collections.abc import Iterator
from html import escape

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
from kata.verdict import Outcome, Problem, Rule, Status, Verdict

GREEN, RED, BLUE, AMBER = "#2e9e5b", "#d64550", "#3f83d6", "#c4881c"
COLOUR = {
    Status.PASSED: GREEN,
    Status.FAILED: RED,
    Status.BROKEN: RED,
    Status.UNTOUCHED: BLUE,
    Status.BLOCKED: AMBER,
    Status.UNAVAILABLE: AMBER,
}
CODE = (
    "margin:0.3em 0;padding:0.3em 0.6em;white-space:pre-wrap;overflow-wrap:anywhere;"
    "background:rgba(128,128,128,0.12);color:inherit"
)
BADGE = "display:inline-block;color:#fff;padding:0 0.5em;border-radius:3px"
WORD = "display:inline-block;min-width:4.6em;font-weight:600"


def render(verdict: Verdict) -> str:
    """Return a verdict as one HTML block."""
    colour = COLOUR[verdict.status]
    return (
        f'<div style="border-left:4px solid {colour};padding:0.2em 0 0.2em 0.9em;'
        f'max-width:52em;line-height:1.5">{"".join(_parts(verdict, colour))}</div>'
    )


def message(happened: str, next_step: str) -> str:
    """Return an error that is no verdict, in the same form."""
    return (
        f'<div style="border-left:4px solid {AMBER};padding:0.2em 0 0.2em 0.9em;'
        f'max-width:52em;line-height:1.5">{_paragraph(happened)}'
        f"{_paragraph(next_step)}</div>"
    )


def _parts(verdict: Verdict, colour: str) -> Iterator[str]:
    yield (
        f'<div><strong style="{BADGE};background:{_deep(colour)}">'
        f"{REASON[verdict.status]}</strong> <strong>{escape(verdict.kata)}</strong>, "
        f"{escape(headline(verdict))}</div>"
    )
    if rules := shown_rules(verdict):
        items = "".join(_rule(rule, verdict.status) for rule in rules)
        yield f'<ul style="list-style:none;margin:0.4em 0;padding:0">{items}</ul>'
    if verdict.problem:
        yield from _problem(verdict.problem)
    if verdict.printed.strip():
        yield f"{_paragraph('Your code printed:')}{_code(printed_lines(verdict))}"
    yield from (_paragraph(note) for note in closing(verdict))
    if verdict.problem and verdict.problem.report:
        yield (
            "<details><summary>pytest's own report</summary>"
            f"{_code(verdict.problem.report)}</details>"
        )


def _rule(rule: Rule, status: Status) -> str:
    colour = GREEN if rule.outcome is Outcome.HOLDS else COLOUR[status]
    return (
        '<li style="display:flex;margin:0.1em 0">'
        f'<span style="{WORD};border-bottom:2px solid {colour};margin-right:0.8em;'
        f'align-self:flex-start">{mark(rule, status)}</span>'
        f"<span>{_inline(rule.text)}</span></li>"
    )


def _problem(problem: Problem) -> Iterator[str]:
    if problem.rule:
        rule = _inline(problem.rule)
        yield f'<div style="margin-top:0.5em"><strong>{rule}</strong></div>'
    yield "".join(_paragraph(line) for line in problem.happened.splitlines() if line)
    if problem.exchange:
        rows = exchange_rows(problem.exchange)
        yield _code("\n".join(f"{word:<9} {text}" for word, text in rows))
    if problem.line:
        yield _paragraph(where(problem.line) + ":")
        yield _code(problem.line.text.strip())
    if problem.next_step:
        yield (
            f'<div style="margin:0.25em 0"><strong>Try:</strong> '
            f"{_inline(problem.next_step)}</div>"
        )


def _paragraph(text: str) -> str:
    return f'<div style="margin:0.25em 0">{_inline(text)}</div>'


def _code(text: str) -> str:
    return f'<pre style="{CODE}">{escape(text)}</pre>'


def _inline(text: str) -> str:
    """Escape a sentence and set its `code` in a code font."""
    pieces = escape(text).split("`")
    if len(pieces) % 2 == 0:
        return "`".join(pieces)
    return "".join(
        f"<code>{piece}</code>" if odd % 2 else piece
        for odd, piece in enumerate(pieces)
    )


def _deep(colour: str) -> str:
    """Return the shade of a colour on which white text reads well."""
    return {GREEN: "#1f7a43", RED: "#b3303b", BLUE: "#2b67b0", AMBER: "#8a5d0c"}[colour]
