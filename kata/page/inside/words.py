"""What a verdict says, in words that are true in a page."""

from dataclasses import replace

from kata.errors import KataError
from kata.notebook.namespace import Words
from kata.verdict import Verdict

PAGE = Words(
    place="this page",
    reset="the button Reset of `{}`".format,
)
"""A page has no notebook, and no magics."""
INSTEAD = {
    ", or let `%lesson --catch-up` (`kata catch-up`) fill in what is missing": "",
    "`kata doctor` looks for the reason.": "Reload the page; your answers stay.",
    "restart the kernel if the course was updated": "reload the page",
}
"""What is said in a notebook, and here."""
COMMAND = "`kata "
ELSEWHERE = "That command is for the workspace that you can take along."


def in_a_page(verdict: Verdict) -> Verdict:
    """Return a verdict that names nothing which a page does not have."""
    problem = verdict.problem
    if problem:
        problem = replace(
            problem,
            happened=_said(problem.happened),
            next_step=_said(problem.next_step),
        )
    notes = tuple(_said(note) for note in verdict.notes)
    if any(COMMAND in note for note in notes):
        notes = (*notes, ELSEWHERE)
    return replace(verdict, problem=problem, notes=notes)


def of_error(error: KataError) -> tuple[str, str]:
    """Return what happened and what to do next."""
    happened, next_step = _said(error.happened), _said(error.next_step)
    if COMMAND in happened + next_step:
        next_step = f"{next_step} {ELSEWHERE}"
    return happened, next_step


def _said(text: str) -> str:
    for there, here in INSTEAD.items():
        text = text.replace(there, here)
    return text
