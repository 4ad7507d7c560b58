"""Exceptions in words that help: what happened, and what to try."""

import re
from dataclasses import dataclass

from kata.runner.report import Failure

COMPARISON = re.compile(r"^assert ", re.MULTILINE)
PYDANTIC_LINK = re.compile(r"\n\s*For further information visit \S+")


@dataclass(frozen=True)
class Explanation:
    """A sentence on what happened, and one on what to try (or nothing)."""

    happened: str
    next_step: str = ""


def explain(failure: Failure, file: str) -> Explanation:
    """Explain a failure of a kata whose code lies in `file`."""
    if failure.type == "AssertionError" or _failed_by_check(failure):
        return _assertion(failure)
    if failure.type == "NotImplementedError":
        return Explanation("This part is still to be written.")
    if failure.type in {"BreakpointError", "BdbQuit"}:
        return Explanation(
            "The code stops for a debugger, and nobody can type while checks run.",
            "Take the breakpoint out. Print what you want to see, or call the code in "
            "a cell of its own.",
        )
    if failure.type == "MemoryError":
        return Explanation(
            "The code asked for more memory than a check may have, about 2 GB.",
            "Look for a list or a text that grows in a loop.",
        )
    return _missing(failure, file) or Explanation(
        _raised(failure), ADVICE.get(failure.type, "")
    )


ADVICE = {
    "EOFError": "Nobody can type while checks run: do without input().",
    "NameError": (
        "Define the name above this line, or import it in this cell. If you mean a "
        "text, put it in quotes."
    ),
    "ModuleNotFoundError": "Look at the spelling of the import.",
    "RecursionError": "Something calls itself without an end.",
    "FastAPIError": (
        "FastAPI knows no such type: look at the types of the parameters and of the "
        "result, and at what else stands where a type is expected."
    ),
    "ResponseValidationError": (
        "What the function returns does not fit the type it promises. Compare the two."
    ),
}


def _failed_by_check(failure: Failure) -> bool:
    """Tell whether a check called `pytest.fail`."""
    return failure.type == "Failed" and not failure.frames


def _assertion(failure: Failure) -> Explanation:
    message, comparison = _split(failure.message)
    if message:
        return Explanation(message)
    if comparison:
        return Explanation(f"The check compared, and it does not hold: {comparison}")
    return Explanation("An assert without a message did not hold.")


def _split(message: str) -> tuple[str, str]:
    """Take a message apart: the author's words, and pytest's first line of detail."""
    match = COMPARISON.search(message)
    if not match:
        return message.strip(), ""
    return message[: match.start()].strip(), message[match.end() :].splitlines()[0]


def _missing(failure: Failure, file: str) -> Explanation | None:
    if failure.type not in {"ImportError", "AttributeError"} or not failure.name:
        return None
    module = file.removesuffix(".py").replace("/", ".")
    same = failure.module == module or f"module '{module}'" in failure.message
    if not same:
        return None
    return Explanation(
        f"{file} has no `{failure.name}` yet.",
        f"Define `{failure.name}` in this cell; the spelling counts.",
    )


def _raised(failure: Failure) -> str:
    message = PYDANTIC_LINK.sub("", failure.message).strip()
    who = "Your code raised" if failure.frames else "It ended in"
    return f"{who} {failure.type}{f': {message}' if message else '.'}"
