"""Exceptions in words that help: what happened, and what to try."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from kata.judge.advice import advice_on
from kata.judge.validation import first_of
from kata.judge.values import said_once
from kata.runner.report import Failure

COMPARISON = re.compile(r"^assert ", re.MULTILINE)
ENDPOINT = re.compile(
    r'\s*\n\s*File "(?P<file>[^"\n]+)", line (?P<line>\d+), in \w+(?:\n +[A-Z]+ \S+)?'
)
"""How FastAPI says which function returned what doesn't fit."""
TELLING = 20
"""Characters of a message by which an exception is known again without its type."""
BACKGROUND = re.compile(r"\s*\(Background on this error at: \S+\)")


@dataclass(frozen=True)
class Explanation:
    """What happened, and what to try (or nothing)."""

    happened: str
    next_step: str = ""

    def adding(self, sentence: str) -> "Explanation":
        """Return it with one more sentence, on a line of its own."""
        return replace(self, happened=f"{self.happened}\n{sentence}")


def explain(failure: Failure, file: str, files: Collection[str] = ()) -> Explanation:
    """Explain a failure of a kata whose code lies in `file`, one of the `files`."""
    if failure.type == "AssertionError" or _failed_by_check(failure):
        return _assertion(failure, file)
    if failure.type == "ModuleNotFoundError" and not failure.behind:
        return _module_missing(failure, files)
    return _exception(failure, file)


def _module_missing(failure: Failure, files: Collection[str]) -> Explanation:
    """Explain an import; a file of the service is missed without its package."""
    ending = f"/{failure.module.replace('.', '/')}.py"
    package = next(
        (one.removesuffix(ending) for one in files if one.endswith(ending)), ""
    )
    if not package:
        return Explanation(_raised(failure), advice_on(failure))
    package = package.replace("/", ".")
    return Explanation(
        _raised(failure),
        f"`{failure.module}` stands in the package `{package}`: "
        f"`from {package} import {failure.module}`.",
    )


def _exception(failure: Failure, file: str) -> Explanation:
    if failure.behind:
        return _exception(failure.behind, file)
    if is_unwritten(failure):
        return Explanation("This part is still to be written.")
    if failure.type in {"BreakpointError", "BdbQuit"}:
        return Explanation(
            "The code stops for a debugger, and nobody can type while checks run.",
            "Take the breakpoint out. Print what you want to see, or call the code in "
            "a cell of its own.",
        )
    if failure.type == "MemoryError":
        happened = "The code asked for more memory than a check may have, about 2 GB."
        return Explanation(happened, advice_on(failure))
    return _missing(failure, file) or Explanation(_raised(failure), advice_on(failure))


def is_unwritten(failure: Failure) -> bool:
    """Tell whether code says of itself that it is still to be written."""
    return failure.type == "NotImplementedError" and not failure.message


def named(failure: Failure) -> str:
    """Return an exception as one names it: its type, and what it says first."""
    message = ENDPOINT.sub("", BACKGROUND.sub("", failure.message))
    message = first_of(said_once(message.strip()))
    return f"{failure.type}: {message}" if message else failure.type


def _words_of(text: str) -> str:
    return " ".join(text.split())


def _failed_by_check(failure: Failure) -> bool:
    """Tell whether a check called `pytest.fail`."""
    return failure.type == "Failed" and not failure.frames


def _assertion(failure: Failure, file: str) -> Explanation:
    message, comparison = _split(failure.message)
    said = first_of(said_once(message)) or (
        f"The check compared, and it does not hold: {comparison}"
        if comparison
        else "An assert without a message did not hold."
    )
    explanation = Explanation(said, advice_on(failure))
    behind = failure.behind
    if behind is None:
        return explanation
    words = _exception(behind, file)
    is_said = _words_of(behind.message) in _words_of(said)
    known = is_said and (behind.type in said or len(behind.message) >= TELLING)
    happened = said if known else f"{said}\n{words.happened}"
    next_step = words.next_step
    if next_step == advice_on(behind):
        next_step = advice_on(behind, beside_words=True)
    return Explanation(happened, next_step or explanation.next_step)


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
    if "partially initialized module" in failure.message:
        return _imports_itself(failure, file)
    return Explanation(
        f"{file} has no `{failure.name}` yet.",
        f"Define `{failure.name}` in this cell; the spelling counts.",
    )


def _imports_itself(failure: Failure, file: str) -> Explanation | None:
    if not failure.frames or failure.frames[-1].file != file:
        return None  # two files import each other: there is advice on it
    return Explanation(
        f"{file} imports `{failure.name}` from itself.",
        f"Take this import out. What {file} defines, it can use by its name.",
    )


def _raised(failure: Failure) -> str:
    who = "Your code raised" if failure.frames else "It ended in"
    return f"{who} {named(failure)}{'' if failure.message else '.'}"
