"""Verdicts for machines: plain data, in a form that stays.

`kata check --json` prints it, and CONTRIBUTING.md describes it. A field may be added;
none is renamed or dropped without a new `FORMAT`.
"""

from collections.abc import Sequence
from typing import Any

from kata.course.curriculum import Curriculum
from kata.verdict import Problem, Status, Verdict
from kata.workspace.workspace import Workspace, course_version

FORMAT = 1
Data = dict[str, Any]


def report(
    verdicts: Sequence[Verdict], curriculum: Curriculum, workspace: Workspace
) -> Data:
    """Return what a check of some katas came to."""
    statuses = [verdict.status for verdict in verdicts]
    return {
        "format": FORMAT,
        "course": course_version(),
        "workspace": str(workspace.root),
        "counts": {status.value: statuses.count(status) for status in Status},
        "katas": [_kata(verdict, curriculum) for verdict in verdicts],
    }


def _kata(verdict: Verdict, curriculum: Curriculum) -> Data:
    kata = curriculum.kata(verdict.kata)
    return {
        "id": kata.id,
        "lesson": curriculum.lesson_of(kata).slug,
        "title": kata.title,
        "file": kata.file,
        "core": kata.core,
        "status": verdict.status.value,
        "solved": verdict.status is Status.PASSED,
        "waits_for": verdict.waits_for or None,
        "rules": [
            {"check": rule.check, "text": rule.text, "outcome": rule.outcome.value}
            for rule in verdict.rules
        ],
        "problem": _problem(verdict.problem) if verdict.problem else None,
        "notes": list(verdict.notes),
    }


def _problem(problem: Problem) -> Data:
    line, exchange = problem.line, problem.exchange
    return {
        "happened": problem.happened,
        "rule": problem.rule or None,
        "next_step": problem.next_step or None,
        "line": line
        and {"file": line.file or None, "number": line.number, "text": line.text},
        "exchange": exchange
        and {
            "request": exchange.request,
            "sent": exchange.sent,
            "response": exchange.response or None,
            "received": exchange.received,
        },
    }
