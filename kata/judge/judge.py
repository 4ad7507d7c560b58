"""From the report of a run to the verdict the learner reads."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from kata.course.course import Course
from kata.course.curriculum import Kata
from kata.judge.explain import explain
from kata.runner.report import CheckReport, Ending, Failure, Frame, Report
from kata.source.cell import lines_of
from kata.source.file import CellCode, region_starts
from kata.verdict import Line, Outcome, Problem, Rule, Status, Verdict

NOT_ENDED = "it had not come to an end"
HOW_CHECKS_CHANGE = (
    "Look for what changes Python for everybody: an assignment to a part of pytest, to "
    "a builtin, or to something in `sys`."
)


@dataclass(frozen=True)
class Case:
    """What the judge has to know about the kata besides the report."""

    course: Course
    kata: Kata
    code: CellCode | None
    """The cell that was run; None for a check of the files on disk."""
    files: Mapping[str, str]
    """The texts of the workspace's files that a frame or a name may be about."""

    def line(self, frames: tuple[Frame, ...]) -> Line | None:
        """Return the innermost of these lines that lies in this kata's own code."""
        for frame in reversed(frames):
            if frame.file == self.kata.file and self.owner(frame) == self.kata.id:
                return self._own_line(frame)
        return None

    def owner(self, frame: Frame) -> str:
        """Return the id of the kata whose region a line lies in, or nothing."""
        starts = region_starts(self.files.get(frame.file, ""))
        owners = [kata for kata, start in starts.items() if start <= frame.line]
        return owners[-1] if owners else ""

    def has_region(self, kata: Kata) -> bool:
        """Tell whether a kata's region is in its file."""
        return kata.id in region_starts(self.files.get(kata.file, ""))

    def or_catch_up(self, other: Kata) -> str:
        """Return the offer to catch up, where the other kata is in another lesson."""
        lesson_of = self.course.curriculum.lesson_of
        if lesson_of(other) == lesson_of(self.kata):
            return ""
        return ", or let `%lesson --catch-up` (`kata catch-up`) fill in what is missing"

    def _own_line(self, frame: Frame) -> Line:
        text = self.files[frame.file]
        offset = frame.line - region_starts(text)[self.kata.id]
        if self.code and offset < len(self.code.lines):
            return Line(*self.code.lines[offset])
        return Line(frame.line, lines_of(text)[frame.line - 1], frame.file)


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
    )
    if report.import_failure:
        return _not_imported(case, verdict, report.import_failure)
    if report.ending is not Ending.FINISHED and not _interrupted(report):
        return _did_not_end(case, verdict, report)
    for rule in rules:
        failure = _first_failure(rule, report.checks)
        if failure:
            return _failed(case, verdict, rule, failure)
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


def _first_failure(rule: Rule, checks: tuple[CheckReport, ...]) -> Failure | None:
    for check in checks:
        if check.check == rule.check and check.failure:
            return check.failure
    return None


def _failed(case: Case, verdict: Verdict, rule: Rule, failure: Failure) -> Verdict:
    if other := _other_kata_first(case, failure):
        return replace(
            verdict, status=Status.BLOCKED, problem=other[1], waits_for=other[0]
        )
    words = explain(failure, case.kata.file)
    problem = Problem(
        words.happened,
        rule.text,
        failure.exchange,
        case.line(failure.frames),
        words.next_step,
        failure.report,
    )
    return replace(verdict, status=Status.FAILED, problem=problem)


def _not_imported(case: Case, verdict: Verdict, failure: Failure) -> Verdict:
    if other := _other_kata_first(case, failure):
        return replace(
            verdict, status=Status.BLOCKED, problem=other[1], waits_for=other[0]
        )
    line = case.line(failure.frames) or _import_line(case, failure)
    if line is None and failure.frames and failure.frames[-1].file != case.kata.file:
        where = failure.frames[-1]
        problem = Problem(
            f"The service does not import: {failure.type}: {failure.message}",
            next_step=f"Look at {where.file}, line {where.line}.",
        )
        return replace(verdict, status=Status.BLOCKED, problem=problem)
    words = explain(failure, case.kata.file)
    return _broken(verdict, words.happened, words.next_step, line)


def _other_kata_first(case: Case, failure: Failure) -> tuple[str, Problem] | None:
    """Return the kata that stands in the way and what to say of it, or None."""
    owner = case.owner(failure.frames[-1]) if failure.frames else ""
    if owner and owner != case.kata.id and not case.line(failure.frames):
        return owner, Problem(
            f"This kata waits for {owner}, whose code raised {failure.type}: "
            f"{failure.message}.",
            next_step=f"Mend {owner} in its cell, then run this one again.",
        )
    provider = _provider(case, failure)
    successor = provider and case.course.curriculum.successor(provider)
    if successor and case.has_region(successor):
        provider = successor
    if provider is None or provider == case.kata:
        return None
    missing = (
        f"{provider.file} has no `{failure.name}` yet"
        if case.has_region(provider)
        else "its cell has not been run yet"
    )
    return provider.id, Problem(
        f"This kata waits for {provider.id}: {missing}.",
        next_step=f"Run the cell of {provider.id} first{case.or_catch_up(provider)}.",
    )


def _provider(case: Case, failure: Failure) -> Kata | None:
    """Return the kata that writes the name or the module that was missed."""
    curriculum = case.course.curriculum
    if failure.type == "NameError" and failure.frames:
        module = failure.frames[-1].file.removesuffix(".py").replace("/", ".")
        return case.course.provider(module, failure.name)
    if failure.type == "ImportError" and failure.name:
        return case.course.provider(failure.module, failure.name)
    if failure.type == "ModuleNotFoundError":
        package = failure.module + "."
        katas = (k for k in curriculum.katas if f"{k.module}.".startswith(package))
        return next(katas, None)
    return None


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
    owner = case.owner(report.stuck[-1]) if report.stuck else ""
    if owner not in {"", case.kata.id} and not case.line(report.stuck):
        problem = Problem(
            f"This kata waits for {owner}, whose code does not come to an end.",
            next_step=f"Mend {owner} in its cell, then run this one again.",
        )
        return replace(verdict, status=Status.BLOCKED, problem=problem, waits_for=owner)
    limit = f"{case.kata.time_limit:g} seconds"
    running = {rule.check: rule.text for rule in verdict.rules}.get(report.running, "")
    if report.ending is Ending.TIMED_OUT:
        happened = f"The code was stopped after {limit} of computing: {NOT_ENDED}."
        next_step = "Look for a loop without an end."
    elif report.ending is Ending.WAITED:
        happened = f"The code was stopped after waiting for {limit}: {NOT_ENDED}."
        next_step = "Look for something that is waited for and never comes."
    elif report.ending is Ending.STARVED:
        happened = "The code was stopped: this machine is too busy to run it."
        next_step = "Close other programs, or wait for them; then run the cell again."
    elif report.ending is Ending.FLOODED:
        happened = "The code was stopped: it printed more than 10 MB."
        next_step = "Look for a print in a loop."
    elif report.ending is Ending.TAMPERED:
        happened = "The code changes how checks are run, so they can't be believed."
        next_step = HOW_CHECKS_CHANGE
    elif report.ending is Ending.FAULTY:
        happened = f"The checks themselves could not run: {report.detail}."
        next_step = "This is not your code's fault. `kata doctor` looks for the reason."
    else:
        happened = f"The process ended before the checks did: {report.detail}."
        next_step = "Look for a call that ends Python, such as exit()."
    return _broken(verdict, happened, next_step, case.line(report.stuck), running)


def _broken(
    verdict: Verdict,
    happened: str,
    next_step: str,
    line: Line | None = None,
    rule: str = "",
) -> Verdict:
    problem = Problem(happened, rule, line=line, next_step=next_step)
    return replace(verdict, status=Status.BROKEN, problem=problem)
