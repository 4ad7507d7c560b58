"""Runs that did not come to their end, in words that help."""

from kata.judge.explain import Explanation
from kata.runner.report import Ending, Report

CRASHES = ("SIGSEGV", "SIGBUS", "SIGILL", "SIGFPE")
"""By what a process ends that has reached for memory, or code, that isn't its own."""
NOT_ENDED = "it had not come to an end"
HOW_CHECKS_CHANGE = (
    "Look for what changes Python for everybody: an assignment to a part of pytest, to "
    "a builtin, or to something in `sys`."
)
ENDS_PYTHON = "Look for a call that ends Python, such as exit()."
PAST_PYTHON = "Look for what goes past Python, such as `ctypes`."


def explain_ending(report: Report, time_limit: float) -> Explanation:
    """Explain why a run ended before its checks did; the limit is in seconds."""
    limit = f"{time_limit:g} seconds"
    match report.ending:
        case Ending.TIMED_OUT:
            return Explanation(
                f"The code was stopped after {limit} of computing: {NOT_ENDED}.",
                "Look for a loop without an end.",
            )
        case Ending.WAITED:
            return Explanation(
                f"The code was stopped after waiting for {limit}: {NOT_ENDED}.",
                "Look for something that is waited for and never comes.",
            )
        case Ending.STARVED:
            return Explanation(
                "The code was stopped: this machine is too busy to run it.",
                "Close other programs, or wait for them; then run the cell again.",
            )
        case Ending.FLOODED:
            return Explanation(
                "The code was stopped: it printed more than 10 MB.",
                "Look for a print in a loop.",
            )
        case Ending.TAMPERED:
            return Explanation(
                "The code changes how checks are run, so they can't be believed.",
                HOW_CHECKS_CHANGE,
            )
        case Ending.FAULTY:
            return Explanation(
                f"The checks themselves could not run: {report.detail}.",
                "`kata doctor` looks for the reason. If it finds none, look for what "
                "your code changes for all of Python.",
            )
        case _:
            return Explanation(
                f"The process ended before the checks did: {report.detail}.",
                PAST_PYTHON if report.detail.endswith(CRASHES) else ENDS_PYTHON,
            )
