"""What to try, for the errors that people meet most: a table a library."""

from kata.judge.advice import (
    alembic,
    asgi,
    fastapi,
    http,
    pydantic,
    pyjwt,
    python,
    rows,
    sqlalchemy,
    syntax,
    testing,
    waiting,
)
from kata.runner.report import Failure

ADVICE = (
    *rows.ADVICE,
    *alembic.ADVICE,
    *asgi.ADVICE,
    *sqlalchemy.ADVICE,
    *fastapi.ADVICE,
    *pydantic.ADVICE,
    *pyjwt.ADVICE,
    *waiting.ADVICE,
    *http.ADVICE,
    *testing.ADVICE,
    *syntax.ADVICE,
    *python.ADVICE,
)
"""What is special comes before what is general."""


def advice_on(failure: Failure, *, beside_words: bool = False) -> str:
    """Return what to try after an exception, or nothing where nobody knows.

    `beside_words` of a check's own, what is general is left out.
    """
    fitting = (one for one in ADVICE if one.fits(failure.type, failure.message))
    entry = next(fitting, None)
    if entry is None or (beside_words and entry.is_general):
        return ""
    return entry.advice


def advice_on_syntax(said: str, line: str) -> str:
    """Return what to try where Python can't read a line, or nothing."""
    return advice_on(Failure("SyntaxError", f"{said}\n{line}"))
