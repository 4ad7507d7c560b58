"""A file that is no Python, such as a Dockerfile: the whole text of one kata's cell.

The cell stays Python, so that notebooks and editors cope: one raw string in triple
quotes, and nothing beside it. The file's name tells which kind it is (`is_python`).
"""

import io
import tokenize
from functools import lru_cache

from kata.source.cell import lines_of, option_lines, options
from kata.source.file import CellCode, NotPythonError
from kata.source.syntax import KEPT, UNREADABLE, parsed

QUOTES = ('"""', "'''")
BESIDE = {
    *(tokenize.NL, tokenize.NEWLINE, tokenize.ENDMARKER),
    *(tokenize.INDENT, tokenize.DEDENT),
}
"""Tokens that stand for no code."""
WRONG = "refused_by"
"""The option of a wrong answer that is kept: a comment below says what is wrong."""


def is_python(file: str) -> bool:
    """Tell whether a file of the workspace is Python, and made of regions.

    Any other belongs to one kata, whose cell holds it as a string.
    """
    return file.endswith(".py")


@lru_cache(KEPT)
def parse_text_cell(source: str, file: str) -> CellCode:
    """Take a cell apart that holds a file as a string; another is a `NotPythonError`.

    What it returns has the file's lines with their numbers in the cell.
    """
    lines = lines_of(source.removeprefix("\ufeff"))
    token = _the_string(lines, file)
    quotes = token.string[1:4]
    if token.string[:1] not in {"r", "R"} or quotes not in QUOTES:
        raise _refused(
            f"The text of {file} has to be a raw string in triple quotes, so that a "
            "backslash in it stays one.",
            token.start[0],
            file,
        )
    rows = token.string[4:-3].split("\n")
    numbered = [*enumerate(rows, start=token.start[0])]
    if not numbered[0][1]:  # the text begins on the line below the quotes
        del numbered[0]
    while numbered and not numbered[-1][1].strip():
        numbered.pop()
    if numbered:
        number, last = numbered[-1]
        numbered[-1] = (number, last.rstrip())
    return CellCode({}, tuple(numbered), frozenset())


def text_in(file_text: str) -> str:
    """Return the text of a file as a cell has it: how it ends makes no difference."""
    return file_text.rstrip()


def file_text(body: str) -> str:
    """Return what is written into the file: it ends with one end of a line."""
    return f"{body}\n" if body else ""


def cell_of(kata: str, body: str) -> str:
    """Return the cell that writes a text, as somebody has left it in the file."""
    quotes = QUOTES[1] if QUOTES[0] in body else QUOTES[0]
    return f"#| kata: {kata}\nr{quotes}\n{file_text(body)}{quotes}"


def _the_string(lines: list[str], file: str) -> tokenize.TokenInfo:
    """Return the one token of a cell below its options."""
    text = "\n".join(lines)
    try:
        parsed(text)
        tokens = [*tokenize.generate_tokens(io.StringIO(text).readline)]
    except (*UNREADABLE, tokenize.TokenError) as error:
        said = f"This cell does not hold {file} as one string: Python can't read it."
        raise _refused(said, getattr(error, "lineno", None) or 1, file) from None
    head = len(option_lines(text))
    beside = BESIDE | ({tokenize.COMMENT} if WRONG in options(text) else set())
    code = [one for one in tokens if one.type not in beside and one.start[0] > head]
    if not code:
        said = f"This cell holds no text for {file} yet."
        raise _refused(said, max(head, 1), file)
    stray = next((one for one in code if one.type != tokenize.STRING), None)
    if stray is None and len(code) > 1:
        stray = code[1]
    if stray:
        raise _refused(
            f"`{stray.line.strip()}` stands outside of the string, so it would be no "
            f"part of {file}."
            if stray.type == tokenize.COMMENT
            else f"This cell holds more than the text of {file}.",
            stray.start[0],
            file,
        )
    return code[0]


def _refused(reason: str, line: int, file: str) -> NotPythonError:
    return NotPythonError(
        reason,
        line,
        f'Below `#| kata:`, write `r"""`, then the lines of {file}, then `"""` on a '
        "line of its own, and nothing else. Then run the cell again.",
    )
