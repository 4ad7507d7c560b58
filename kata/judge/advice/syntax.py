"""What isn't Python at all: the message of a `SyntaxError`, and the line it names."""

from kata.judge.advice.entry import Entry

NOT_PYTHON = "SyntaxError|IndentationError|TabError"
ADVICE = (
    Entry(
        NOT_PYTHON,
        r"\n.*[=(,\[{:]\s*\d+\.\d+\.\d",
        "`1.0.0` is no number, and a text stands in quotes: `version='1.0.0'`.",
    ),
    Entry(
        NOT_PYTHON,
        "'await' outside function",
        "A kata's cell becomes a part of a file, where nothing is awaited. Put the "
        "line into an `async def`, or try it out in a cell of its own.",
    ),
    Entry(
        NOT_PYTHON,
        "'(await|async with|async for)' outside|asynchronous comprehension outside",
        "This works only inside an `async def`. If the caller is to open or to await "
        "something, return it as it is, without `async with` or `await`.",
    ),
    Entry(
        NOT_PYTHON,
        "non-default argument follows|without a default follows",
        "Parameters without a default come first. One with `Annotated[…, Depends(…)]` "
        "has none, so it stands before `limit: int = 20`.",
    ),
    Entry(
        NOT_PYTHON,
        "invalid decimal literal",
        "A name can't begin with a digit, and a text stands in quotes.",
    ),
    Entry(
        NOT_PYTHON,
        "leading zeros in decimal",
        "A number has no zeros in front. What is a text, such as a postcode, stands "
        "in quotes.",
    ),
    Entry(
        NOT_PYTHON,
        "was never closed",
        "The bracket was opened in this line. Its other half is missing here, or in a "
        "line further down.",
    ),
    Entry(
        NOT_PYTHON,
        "unterminated (triple-quoted )?(f-)?string",
        "A text ends with the quote that it began with. One of several lines has "
        "three quotes at both ends.",
    ),
    Entry(
        NOT_PYTHON,
        "expected ':'",
        "A line with `def`, `class`, `if`, `for`, `with` or `try` ends with a colon.",
    ),
    Entry(
        NOT_PYTHON,
        "expected an indented block",
        "What belongs to the line above stands four spaces further to the right.",
    ),
    Entry(
        NOT_PYTHON,
        "unindent does not match|unexpected indent|inconsistent use of tabs",
        "The lines of a block begin in the same column: four spaces a level, and no "
        "tabs.",
    ),
    Entry(
        NOT_PYTHON,
        "'(return|yield)' outside function",
        "This line belongs to no function. Indent it as the other lines of the "
        "function are.",
    ),
    Entry(
        NOT_PYTHON,
        "Maybe you meant '=='",
        "`=` gives a value to a name, and `==` compares.",
    ),
    Entry(
        NOT_PYTHON,
        "keyword argument repeated",
        "The same name is given twice in this call. Leave one of them.",
    ),
    Entry(
        NOT_PYTHON,
        "positional argument follows keyword",
        "Values without a name come first in a call: `price(parcel, pickup=True)`.",
    ),
)
