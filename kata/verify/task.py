"""Proof by form: a kata's texts lead from a problem over an example to the task."""

import re
from collections.abc import Iterator

from kata.course.course import Course
from kata.course.curriculum import Kata
from kata.course.master import KataCells
from kata.source.cell import lines_of, option_lines
from kata.verify.fault import Fault, Kind
from kata.verify.lesson_length import LIMITS, Limits
from kata.verify.wording import CODE_BLOCK, count_words

PLUMBING = 4
"""Lines that a kata without an example may add to its starting code."""
TASK = re.compile(r"### Your turn: \S")
PLUMBING_TASK = re.compile(r"#{2,3} \S")
"""Plumbing has no problem above its task, so its heading may be the kata's own."""
FACTS = re.compile(
    r"^\*(?P<kind>Core|Stretch)(?: · fix| · plumbing)? · "
    r"about (?P<minutes>\d+) minutes? · goes into `(?P<file>[^`]+)`\*$",
    re.MULTILINE,
)
TERM = re.compile(r"\*\*(?!\s)((?:[^*\n]|\n(?!\n))+?)\*\*")
LABEL = re.compile(r"^\s*(?:[-*+]|\d+\.)\s+\*\*[^*]+\*\*|\*\*[^*]+:\*\*", re.MULTILINE)
"""What opens an item of a list, or ends with a colon, is a label and no term."""


def prove_task(course: Course, kata: Kata, limits: Limits = LIMITS) -> Iterator[Fault]:
    """A problem, an example, its explanation with one term in bold, and the task."""
    cells = course.cells(kata)
    yield from _prove_facts(kata, cells)
    if not cells.example:
        if (lines := _added(cells)) > PLUMBING:
            said = (
                f"it has no example (`#| example: {kata.id}`), and its solution adds "
                f"{lines} lines; up to {PLUMBING} are plumbing, which needs none"
            )
            yield _fault(kata, said)
        return
    if not cells.problem:
        said = "no text that begins `## ` says what the service can't do yet"
        yield _fault(kata, said)
    least, most = limits.explained
    if not least <= (count := count_words(cells.explained)) <= most:
        said = f"{count} words explain its example; {least} to {most} are the limits"
        yield _fault(kata, said)
    found = terms("\n\n".join((cells.problem, cells.explained, cells.brief)))
    if len(found) != 1:
        said = (
            f"**{'**, **'.join(found)}** are bold; keep one, and make it two katas if "
            "both ideas are new"
            if found
            else "none of its texts names its idea in **bold**"
        )
        yield _fault(kata, said)


def terms(markdown: str) -> list[str]:
    """Return what stands in bold, each once, without the labels of lists."""
    text = LABEL.sub("", CODE_BLOCK.sub("", markdown))
    return [*dict.fromkeys(" ".join(term.split()) for term in TERM.findall(text))]


def _prove_facts(kata: Kata, cells: KataCells) -> Iterator[Fault]:
    kind = "Core" if kata.core else "Stretch"
    heading = TASK if cells.example else PLUMBING_TASK
    if not heading.match(cells.brief):
        said = f"its task should begin “### Your turn: `{kata.name}`”"
        yield _fault(kata, said)
    facts = FACTS.search(cells.brief)
    wanted = f"*{kind} · about {kata.minutes} minutes · goes into `{kata.file}`*"
    told = facts and (facts["kind"], int(facts["minutes"]), facts["file"])
    if told != (kind, kata.minutes, kata.file):
        yield _fault(kata, f"its task should say, as curriculum.toml does: {wanted}")


def _added(cells: KataCells) -> int:
    known = {line.strip() for line in lines_of(cells.stub)}
    skipped = ("import ", "from ", "#", '"""', "@", ")", "]", "}")
    return sum(
        bool(line.strip()) and not line.strip().startswith(skipped)
        for line in lines_of(cells.reference)[len(option_lines(cells.reference)) :]
        if line.strip() not in known
    )


def _fault(kata: Kata, what: str) -> Fault:
    return Fault(Kind.TASK, kata.id, what)
