"""Proof by promises: each bullet of a task has its check, and each check its bullet.

A check file quotes the beginning of a bullet in a comment above the tests that hold it:

    # - The token is signed with `key`, using HS256.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass

from kata.course.course import Course
from kata.course.curriculum import Kata
from kata.source.cell import lines_of
from kata.source.syntax import tree_of
from kata.verify.fault import Fault, Kind
from kata.verify.wording import CODE_BLOCK

BULLET = "- "
QUOTE = "# - "
MARKS = re.compile(r"[*`]|(?<=\])\([^)]*\)|[\[\]]")
"""Markdown's marks, which a comment needn't repeat."""
CLAUSE_END = (".", ":", ";")
MARKS_OF_END = ".,:;…"
ENOUGH = 6
"""Words that are enough to know a bullet by, where its first clause is longer."""
TEXT_BLOCK = re.compile(r"^```text\n(.*?)^```", re.MULTILINE | re.DOTALL)
ARROW = re.compile(r"→|->|=>")
QUOTED = re.compile(r"\"([^\"\n]*)\"|'([^'\n]*)'")
URL_PATH = re.compile(r"(?<![\w/:.])/[\w./{}%~-]*")
SEGMENT = re.compile(r"(?!v\d+$)[^\d{}][^{}]*")
"""A part of a path that a check has to spell: no number, no name in braces."""
ELLIPSES = ("…", "...")


@dataclass(frozen=True)
class Quote:
    """A comment of a check file that repeats the beginning of a bullet."""

    line: int
    text: str

    def is_of(self, bullet: str) -> bool:
        """Tell whether these are a bullet's own words, and enough of them."""
        mine, its = words(self.text), words(bullet)
        if mine and len(mine) <= len(its):
            at = len(mine) - 1
            mine[at] = _like(mine[at], its[at])
        same = 0
        while same < min(len(mine), len(its)) and mine[same] == its[same]:
            same += 1
        ends = [n for n, word in enumerate(its, 1) if word.endswith(CLAUSE_END)]
        enough = min([*ends[:1], ENOUGH, len(its)])
        return same >= enough and (same in {len(mine), len(its)} or same in ends)


def prove_promises(course: Course, kata: Kata) -> Iterator[Fault]:
    """Each bullet has a check below a quote of it, and each check such a quote."""
    said = bullets(course.cells(kata).brief)
    source = course.checks_path(kata).read_text(encoding="utf-8")
    quoted = quotes(source)
    tests = _test_lines(source)
    name = course.checks_path(kata).name
    if not said:
        yield _fault(kata, "its task has no bullets; write each rule as one (`- …`)")
    for bullet in said:
        if not any(quote.is_of(bullet) for quote in quoted):
            yield _fault(
                kata,
                f"no check stands for “{bullet}”. Above the tests that hold it, write "
                f"in {name}:\n# - {_beginning(bullet)}",
            )
    for quote in quoted:
        if not any(quote.is_of(bullet) for bullet in said):
            yield _fault(
                kata,
                f"{name}, line {quote.line}, quotes what no bullet of the task says: "
                f"“{quote.text}”. Repeat a bullet's first words, or promise it there.",
            )
    first = min([quote.line for quote in quoted], default=len(lines_of(source)))
    if stray := [test for test, line in tests.items() if line < first]:
        yield _fault(
            kata,
            f"{', '.join(stray)}: no bullet of the task stands above in {name}. Write "
            "there which one is held, as `# - ` and the bullet's first words.",
        )
    last = max(tests.values(), default=0)
    for quote in quoted:
        if quote.line > last:
            said_there = f"{name}, line {quote.line}: no check stands below this bullet"
            yield _fault(kata, said_there)


def prove_samples(course: Course, kata: Kata) -> Iterator[Fault]:
    """What the task's sample sends is what a check sends."""
    path = course.checks_path(kata)
    files = [path, path.with_name("conftest.py"), course.suite / "conftest.py"]
    checks = "\n".join(
        file.read_text(encoding="utf-8") for file in files if file.exists()
    )
    for token in inputs(course.cells(kata).brief):
        segments = token.split("/") if token.startswith("/") else [token]
        for part in filter(SEGMENT.fullmatch, segments):
            if part not in checks:
                yield _fault(
                    kata,
                    f"the task's sample has `{token}`, and no check sends “{part}”. "
                    "Make the sample an input of a check.",
                )
                break


def bullets(brief: str) -> list[str]:
    """Return the top-level bullets of a task, each on one line."""
    found: list[str] = []
    inside = False
    for line in lines_of(CODE_BLOCK.sub("", brief)):
        if line.startswith(BULLET):
            found.append(line.removeprefix(BULLET))
        elif inside and line.startswith(" ") and not line.strip().startswith(BULLET):
            found[-1] += f" {line}"
        elif inside and line.strip() and not line.startswith((" ", "#")):
            found[-1] += f" {line}"  # Markdown's lazy continuation
        inside = line.startswith(BULLET) or (inside and bool(line.strip()))
    return [" ".join(one.split()) for one in found]


def quotes(source: str) -> list[Quote]:
    """Return the quotes of a check file: comments `# - …`, with the lines below."""
    found: list[Quote] = []
    last = 0
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        row, column = token.start
        if token.type != tokenize.COMMENT or column:
            continue
        if token.string.startswith(QUOTE):
            found.append(Quote(row, token.string.removeprefix(QUOTE).strip()))
        elif found and row == last + 1:
            more = f"{found[-1].text} {token.string.lstrip('# ').strip()}"
            found[-1] = Quote(found[-1].line, more)
        else:
            continue
        last = row
    return found


def words(text: str) -> list[str]:
    """Return the words of a text without Markdown's marks."""
    return MARKS.sub("", text).split()


def inputs(brief: str) -> list[str]:
    """Return what a task's samples send: quoted texts and paths left of an arrow."""
    found: list[str] = []
    for block in TEXT_BLOCK.findall(brief):
        answering = False
        for line in lines_of(block):
            answering = answering and line.startswith(" ")
            if answering or line.startswith(("HTTP/", "#")):
                continue
            sent, *answer = ARROW.split(line, maxsplit=1)
            answering = bool(answer)
            texts = [one or other for one, other in QUOTED.findall(sent)]
            paths = URL_PATH.findall(QUOTED.sub("", sent))
            found += [
                token
                for token in (*texts, *paths)
                if token and not any(dots in token for dots in ELLIPSES)
            ]
    return [*dict.fromkeys(found)]


def _like(last: str, its: str) -> str:
    """Return the last word of a quote as it stands in the bullet, with its comma."""
    return its if last.rstrip(MARKS_OF_END) == its.rstrip(MARKS_OF_END) else last


def _beginning(bullet: str) -> str:
    its = bullet.split()
    ends = [n for n, word in enumerate(its, 1) if word.endswith(CLAUSE_END)]
    return " ".join(its[: ends[0] if ends else ENOUGH])


def _test_lines(source: str) -> dict[str, int]:
    return {
        node.name: node.lineno
        for node in tree_of(source).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
    }


def _fault(kata: Kata, what: str) -> Fault:
    return Fault(Kind.PROMISE, kata.id, what)
