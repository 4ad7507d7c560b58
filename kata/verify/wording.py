"""Proof by reading: hints that escalate, rules that read well, prose in its limits."""

import re
import statistics
from collections.abc import Iterator

from kata.course.course import Course
from kata.course.curriculum import Kata, Lesson
from kata.course.master import Cell, KataCells, lesson_of
from kata.source.cell import option_lines, options
from kata.verify.fault import Fault, Kind

HINTS = 3
LINK = re.compile(r"\]\(https?://")
CODE_BLOCK = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
LINK_TARGET = re.compile(r"\]\([^)]*\)")
NO_PROSE = re.compile(r"^#.*$|^.*·.*$", re.MULTILINE)
"""Headings, and the line with a kata's file and minutes."""
SENTENCE_END = re.compile(r"[.!?:](?=\s)|\n\s*\n|\n(?=\s*[-|\d])")
TRIVIAL = 12
"""Characters of a line below which it gives nothing away."""

WORDS = (300, 650)
"""Words of prose in a lesson as the learner gets it."""
MEDIAN_SENTENCE = 13
CLOSING_LINKS = 3
LONGEST_RULE = 24
FORBIDDEN = re.compile(r"\b(just|simply|obviously)\b", re.IGNORECASE)
EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u26ff\u2705\u274c]")


def prove_hints(course: Course, kata: Kata) -> Iterator[Fault]:
    """There are three hints: a question, a pointer, a shape; none is the solution."""
    cells = course.cells(kata)
    if len(cells.hints) != HINTS:
        yield Fault(Kind.HINT, kata.id, f"it has {len(cells.hints)} hints, not {HINTS}")
        return
    question, pointer, shape = cells.hints
    if "?" not in question:
        yield Fault(Kind.HINT, kata.id, "its first hint asks no question")
    if not LINK.search(pointer):
        yield Fault(Kind.HINT, kata.id, "its second hint points to no documentation")
    if "```" not in shape:
        yield Fault(Kind.HINT, kata.id, "its third hint shows no shape of the code")
    for number, hint in enumerate(cells.hints, start=1):
        if gives_away(hint, cells):
            yield Fault(Kind.HINT, kata.id, f"hint {number} contains the solution")


def gives_away(hint: str, cells: KataCells) -> bool:
    """Tell whether a hint holds all that the solution adds to the stub."""
    known = {line.strip() for line in cells.stub.splitlines()}
    told = {line.strip() for line in hint.splitlines()}
    for solution in cells.solutions:
        lines = {line.strip() for line in solution.splitlines()}
        added = {
            line
            for line in lines - known - {*option_lines(solution)}
            if len(line) >= TRIVIAL and not line.startswith(("import ", "from ", '"'))
        }
        if added and added <= told:
            return True
    return False


def prove_rules(course: Course, kata: Kata) -> Iterator[Fault]:
    """Every check has a docstring that reads as a rule."""
    rules = course.rules(kata)
    if not rules:
        yield Fault(Kind.RULE, kata.id, "it has no checks")
    for rule in rules:
        words = len(rule.text.split())
        if rule.text == rule.check:
            yield Fault(Kind.RULE, kata.id, f"{rule.check} has no docstring")
        elif not rule.text.endswith(".") or words > LONGEST_RULE:
            yield Fault(
                Kind.RULE,
                kata.id,
                f"{rule.check} should say one plain sentence of at most "
                f"{LONGEST_RULE} words: {rule.text}",
            )


def prove_prose(course: Course, lesson: Lesson) -> Iterator[Fault]:
    """A lesson's prose keeps its limits, and its closing cell its links."""
    cells = [Cell(raw) for raw in lesson_of(course.master(lesson).raw)["cells"]]
    markdown = [cell.source for cell in cells if not cell.is_code]
    prose = "\n\n".join(plain(text) for text in markdown)
    count = len(prose.split())
    if not WORDS[0] <= count <= WORDS[1]:
        said = f"{count} words of prose; {WORDS[0]} to {WORDS[1]} are the limits"
        yield Fault(Kind.PROSE, lesson.slug, said)
    median = statistics.median([len(one.split()) for one in sentences(prose)] or [0])
    if median > MEDIAN_SENTENCE:
        said = f"its median sentence has {median:g} words; {MEDIAN_SENTENCE} at most"
        yield Fault(Kind.PROSE, lesson.slug, said)
    everything = "\n".join(
        cell.source for cell in course.master(lesson).cells if not cell.is_code
    )
    for pattern, name in ((FORBIDDEN, "the word"), (EMOJI, "the emoji")):
        for found in sorted({match[0] for match in pattern.finditer(everything)}):
            yield Fault(Kind.PROSE, lesson.slug, f"{name} “{found}” stands in it")
    if markdown and len(LINK.findall(markdown[-1])) > CLOSING_LINKS:
        yield Fault(
            Kind.PROSE, lesson.slug, f"it closes with more than {CLOSING_LINKS} links"
        )


def plain(markdown: str) -> str:
    """Return markdown without code blocks, headings, link targets, lines of figures."""
    text = CODE_BLOCK.sub("", markdown)
    return NO_PROSE.sub("", LINK_TARGET.sub("]", text))


def sentences(prose: str) -> list[str]:
    """Return the sentences of a text, headings and list items among them."""
    return [one.strip() for one in SENTENCE_END.split(prose) if one.strip("#*-| \n")]


def prove_needs(course: Course, lesson: Lesson) -> Iterator[Fault]:
    """Every `#| needs:` names a kata that stands above it, or in an earlier lesson."""
    seen = {kata.id for kata in course.katas_before(lesson)}
    for cell in course.master(lesson).cells:
        found = options(cell.source) if cell.is_code else {}
        if "kata" in found:
            seen.add(found["kata"])
        for name in found.get("needs", "").replace(",", " ").split():
            if name not in seen:
                said = f"a cell needs {name}, and that is not above it"
                yield Fault(Kind.NOTEBOOK, lesson.slug, said)
