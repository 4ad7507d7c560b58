"""A verdict as HTML for a notebook: light or dark, with or without colour."""

from collections.abc import Iterator
from html import escape

from kata.display.after import After
from kata.display.styles import (
    AMBER,
    BADGE,
    CODE,
    COLOUR,
    DEEP,
    GREEN,
    KEEP_SPACES,
    WORD,
    block,
)
from kata.display.words import (
    REASON,
    SYMBOL,
    closing,
    exchange_rows,
    folded,
    headline,
    mark,
    printed_lines,
    shown_rules,
    where,
)
from kata.verdict import Outcome, Problem, Rule, Status, Verdict


def render(verdict: Verdict, after: After | None = None) -> str:
    """Return a verdict as one HTML block, with what follows if it is green."""
    style = block(COLOUR[verdict.status])
    return f'<div style="{style}">{"".join(_parts(verdict, after))}</div>'


def message(happened: str, next_step: str) -> str:
    """Return an error that is no verdict, in the same form."""
    said = "".join(map(paragraph, filter(None, (happened, next_step))))
    return f'<div style="{block(AMBER)}">{said}</div>'


def inline(text: str) -> str:
    """Escape a sentence, set its `code` in a code font, and keep every space."""
    pieces = escape(text).split("`")
    if len(pieces) % 2 == 0:
        return "`".join(pieces)
    return "".join(
        f'<code style="{KEEP_SPACES}">{piece}</code>' if odd % 2 else piece
        for odd, piece in enumerate(pieces)
    )


def _parts(verdict: Verdict, after: After | None) -> Iterator[str]:
    yield _first_line(verdict)
    yield from _rules(verdict)
    if verdict.problem:
        yield from _problem(verdict.problem)
    if verdict.printed.strip():
        yield f"{paragraph('Your code printed:')}{_code(printed_lines(verdict))}"
    yield from (paragraph(note) for note in closing(verdict))
    if after:
        yield paragraph(after.praise)
        if after.revealed:
            yield after.fold()
    if verdict.problem and verdict.problem.report:
        yield (
            "<details><summary>pytest's own report</summary>"
            f"{_code(verdict.problem.report)}</details>"
        )


def _first_line(verdict: Verdict) -> str:
    colour = COLOUR[verdict.status]
    symbol = f'<span aria-hidden="true">{SYMBOL[verdict.status]}</span>'
    return (
        f"<div>{symbol} "
        f'<strong style="{BADGE};background:{DEEP[colour]}">{REASON[verdict.status]}'
        f"</strong> <strong>{escape(verdict.kata)}</strong>, "
        f"{escape(headline(verdict))}</div>"
    )


def _rules(verdict: Verdict) -> Iterator[str]:
    rules = shown_rules(verdict)
    if not rules:
        return
    items = "".join(_rule(rule, verdict.status) for rule in rules)
    listed = f'<ul style="list-style:none;margin:0.4em 0;padding:0">{items}</ul>'
    fold = folded(verdict)
    yield f"<details><summary>{fold}</summary>{listed}</details>" if fold else listed


def _rule(rule: Rule, status: Status) -> str:
    colour = GREEN if rule.outcome is Outcome.HOLDS else COLOUR[status]
    return (
        '<li style="display:flex;margin:0.1em 0">'
        f'<span style="{WORD};border-bottom:2px solid {colour};margin-right:0.8em;'
        f'align-self:flex-start">{mark(rule, status)}</span>'
        f"<span>{inline(rule.text)}</span></li>"
    )


def _problem(problem: Problem) -> Iterator[str]:
    if problem.rule:
        rule = inline(problem.rule)
        yield f'<div style="margin-top:0.5em"><strong>{rule}</strong></div>'
    yield "".join(paragraph(line) for line in problem.happened.splitlines() if line)
    if problem.parting:
        yield _code("\n".join(problem.parting))
    if problem.exchange:
        rows = "\n".join(f"{word:<9} {text}" for word, text in exchange_rows(problem))
        yield _code(rows)
    if problem.line:
        yield paragraph(where(problem.line) + ":")
        yield _code(problem.line.text.strip())
    if problem.next_step:
        yield (
            f'<div style="margin:0.25em 0"><strong>Try:</strong> '
            f"{inline(problem.next_step)}</div>"
        )


def paragraph(text: str) -> str:
    """Return a sentence on a line of its own."""
    return f'<div style="margin:0.25em 0;{KEEP_SPACES}">{inline(text)}</div>'


def _code(text: str) -> str:
    return f'<pre style="{CODE}">{escape(text)}</pre>'
