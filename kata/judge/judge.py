"""From the report of a run to the verdict the learner reads."""

from collections.abc import Iterator
from dataclasses import replace

from kata.judge.blame import (
    Blame,
    comes_later,
    not_importing,
    other_kata_first,
    without_end,
)
from kata.judge.case import Case
from kata.judge.endings import HOW_CHECKS_CHANGE, explain_ending
from kata.judge.explain import ENDPOINT, explain, named
from kata.judge.told import with_what_was_told
from kata.judge.values import parting
from kata.runner.report import CheckReport, Ending, Failure, Frame, Report
from kata.source.cell import lines_of
from kata.verdict import Line, Outcome, Problem, Rule, Status, Verdict

GENERATOR = "generator didn't "
"""How contextlib begins what it says of a function that yields once too little or too
often."""


def judge(case: Case, report: Report) -> Verdict:
    """Return the verdict. A pass needs every check to pass, and an honest end."""
    rules = tuple(_rules(case, report.checks))
    verdict = Verdict(
        case.kata.id,
        case.kata.title,
        Status.PASSED,
        case.kata.file,
        rules,
        printed=report.printed,
        imported=report.imported,
        lasting=report.lasting,
    )
    if report.import_failure:
        return _not_imported(case, verdict, report.import_failure)
    if report.ending is not Ending.FINISHED and not _interrupted(report):
        return _did_not_end(case, verdict, report)
    for rule in rules:
        check = _first_failure(rule, report.checks)
        if check and check.failure:
            return _failed(case, verdict, rule, check.failure, check.unawaited)
    if any(check.skipped for check in report.checks):
        reason = next(check.skipped for check in report.checks if check.skipped)
        problem = Problem(reason.removeprefix("Skipped: "))
        return replace(verdict, status=Status.UNAVAILABLE, problem=problem)
    if not rules or any(rule.outcome is not Outcome.HOLDS for rule in rules):
        return _broken(
            verdict, "The code kept some checks from running.", HOW_CHECKS_CHANGE
        )
    return verdict


def _interrupted(report: Report) -> bool:
    """Tell whether a check raised what ends pytest: its line is worth more."""
    return any(
        check.failure and check.failure.type in {"KeyboardInterrupt", "SystemExit"}
        for check in report.checks
    )


def _rules(case: Case, checks: tuple[CheckReport, ...]) -> Iterator[Rule]:
    for rule in case.course.rules(case.kata):
        runs = [check for check in checks if check.check == rule.check]
        if any(run.failure for run in runs):
            yield replace(rule, outcome=Outcome.FAILS)
        elif runs and not any(run.skipped for run in runs):
            yield replace(rule, outcome=Outcome.HOLDS)
        else:
            yield rule


def _first_failure(rule: Rule, checks: tuple[CheckReport, ...]) -> CheckReport | None:
    failed = (one for one in checks if one.check == rule.check and one.failure)
    return next(failed, None)


def _failed(
    case: Case,
    verdict: Verdict,
    rule: Rule,
    failure: Failure,
    unawaited: Failure | None,
) -> Verdict:
    failure = with_what_was_told(case, failure)
    # What the code raised is worth more than what a check made of it.
    raised = failure.behind or failure
    if other := other_kata_first(case, raised):
        return _blocked(verdict, other)
    words = explain(failure, case.kata.file, case.files)
    words = replace(words, next_step=comes_later(case, raised) or words.next_step)
    where = case.elsewhere(raised.frames)
    line = case.line(raised.frames) or _line_without_a_frame(case, raised)
    if where and not line:
        words = words.adding(
            f"The line that raised it belongs to {where.id}, which passes its checks: "
            "look at what this kata hands to it."
        )
    if unawaited and not line and (line := case.line(unawaited.frames)):
        words = words.adding(
            "The call in this line was never awaited, so it did nothing."
        )
        words = replace(words, next_step="Put `await` before the call.")
    problem = Problem(
        words.happened,
        rule.text,
        failure.exchange,
        line,
        words.next_step,
        failure.report,
        parting(failure),
    )
    return replace(verdict, status=Status.FAILED, problem=problem)


def _line_without_a_frame(case: Case, failure: Failure) -> Line | None:
    """Return the line to look at where a library noticed, and no line here raised."""
    if endpoint := ENDPOINT.search(failure.message):
        return case.line((Frame(endpoint["file"], int(endpoint["line"])),))
    if not failure.message.startswith(GENERATOR):
        return None
    return case.generator_line(stops=not failure.message.endswith("yield"))


def _not_imported(case: Case, verdict: Verdict, failure: Failure) -> Verdict:
    if other := not_importing(case, failure):
        return _blocked(verdict, other)
    line = case.line(failure.frames) or _import_line(case, failure)
    if line is None and failure.frames and failure.frames[-1].file != case.kata.file:
        where = failure.frames[-1]
        problem = Problem(
            f"The service does not import: {named(failure)}",
            next_step=f"Look at {where.file}, line {where.line}.",
        )
        return replace(verdict, status=Status.BLOCKED, problem=problem)
    words = explain(failure, case.kata.file, case.files)
    next_step = comes_later(case, failure) or words.next_step
    return _broken(verdict, words.happened, next_step, line)


def _blocked(verdict: Verdict, blame: Blame) -> Verdict:
    other, problem = blame
    return replace(verdict, status=Status.BLOCKED, problem=problem, waits_for=other)


def _import_line(case: Case, failure: Failure) -> Line | None:
    """Return the import of the cell that failed: it stands at the top of the file."""
    frames = [frame for frame in failure.frames if frame.file == case.kata.file]
    if not case.code or not frames:
        return None
    text = lines_of(case.files[case.kata.file])[frames[-1].line - 1]
    for one, number in case.code.imports.items():
        if one.module in text.split() and (
            not failure.name or failure.name == one.name
        ):
            return Line(number, str(one))
    return None


def _did_not_end(case: Case, verdict: Verdict, report: Report) -> Verdict:
    verdict = replace(verdict, imported=())
    if other := without_end(case, report.stuck):
        return _blocked(verdict, other)
    words = explain_ending(report, case.kata.time_limit)
    running = {rule.check: rule.text for rule in verdict.rules}.get(report.running, "")
    line = case.line(report.stuck)
    return _broken(verdict, words.happened, words.next_step, line, running)


def _broken(
    verdict: Verdict,
    happened: str,
    next_step: str,
    line: Line | None = None,
    rule: str = "",
) -> Verdict:
    problem = Problem(happened, rule, line=line, next_step=next_step)
    return replace(verdict, status=Status.BROKEN, problem=problem)
