"""Proof by reading: hints that escalate, rules that read well, prose in its limits."""

import ast
import re
from collections.abc import Iterator
from itertools import takewhile

from kata.course.course import Course
from kata.course.curriculum import Kata, Lesson
from kata.course.master import Cell, KataCells, lesson_of
from kata.source.cell import option_lines, options
from kata.source.syntax import tree_of
from kata.verify.fault import Fault, Kind
from kata.verify.lesson_length import LIMITS, Limits

HINTS = 3
LINK = re.compile(r"\]\(https?://")
ADDRESS = re.compile(r"https?://")
CODE_BLOCK = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
INLINE_CODE = re.compile(r"`[^`]*`")
LINK_TARGET = re.compile(r"\]\([^)]*\)")
NO_PROSE = re.compile(r"^#.*$|^.*·.*$", re.MULTILINE)
"""Headings, and the line with a kata's file and minutes."""
TRIVIAL = 12
"""Characters of a line below which it gives nothing away."""
CLOSING_LINKS = 3
LONGEST_RULE = 24
FORBIDDEN = re.compile(r"\b(just|simply|obviously)\b", re.IGNORECASE)
HOUSE_WORDS = re.compile(
    r"\b(stubs?|mend(?:s|ed|ing)?|harms?|briefs?)\b", re.IGNORECASE
)
"""Words of authors: a learner knows them as starting code, fix, bug, and task."""
EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u26ff\u2705\u274c]")
SLUG = re.compile(r"\b\d\d_[a-z]\w*")
LESSONS = re.compile(r"\blessons?((?:\s+(?:and|or|to)|,|\s|\d\d\b)+)", re.IGNORECASE)
NUMBER = re.compile(r"\d\d")
OPENING = re.compile(r"^\*About (\d+) minutes\b[^*]*\*", re.MULTILINE)
ROUNDED = 5
"""Minutes that a lesson's opening may differ from what curriculum.toml adds up to."""


def prove_hints(course: Course, kata: Kata) -> Iterator[Fault]:
    """There are three hints, the last one a shape; none is the solution, or a link."""
    cells = course.cells(kata)
    if len(cells.hints) != HINTS:
        yield Fault(Kind.HINT, kata.id, f"it has {len(cells.hints)} hints, not {HINTS}")
        return
    if "```" not in cells.hints[-1]:
        yield Fault(Kind.HINT, kata.id, "its third hint shows no shape of the code")
    for number, hint in enumerate(cells.hints, start=1):
        if gives_away(hint, cells):
            yield Fault(Kind.HINT, kata.id, f"hint {number} contains the solution")
        if ADDRESS.search(CODE_BLOCK.sub("", hint)):
            said = f"hint {number} sends the reader to the internet; say it here"
            yield Fault(Kind.HINT, kata.id, said)


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


def prove_messages(course: Course, kata: Kata) -> Iterator[Fault]:
    """What a check says to somebody who is stuck is in a learner's words."""
    source = course.checks_path(kata).read_text(encoding="utf-8")
    tree = tree_of(source)
    told = {text for text in map(_docstring, ast.walk(tree)) if text}
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(text)) if " " in text and text not in told:
                for word in sorted({one[0] for one in HOUSE_WORDS.finditer(text)}):
                    said = f"a check says the authors' word “{word}”: {text.strip()}"
                    yield Fault(Kind.PROSE, kata.id, said)


def _docstring(node: ast.AST) -> str:
    match node:
        case ast.Expr(value=ast.Constant(value=str(text))):
            return text
    return ""


def prove_prose(
    course: Course, lesson: Lesson, limits: Limits = LIMITS
) -> Iterator[Fault]:
    """A lesson's prose keeps its limits and its words, and names lessons that exist."""
    cells = [Cell(raw) for raw in lesson_of(course.master(lesson).raw)["cells"]]
    markdown = [cell.source for cell in cells if not cell.is_code]
    least, most = limits.words
    count = sum(count_words(text) for text in markdown)
    if not least <= count <= most:
        said = f"{count} words of prose; {least} to {most} are the limits"
        yield Fault(Kind.PROSE, lesson.slug, said)
    if markdown and len(LINK.findall(markdown[-1])) > CLOSING_LINKS:
        said = f"it closes with more than {CLOSING_LINKS} links"
        yield Fault(Kind.PROSE, lesson.slug, said)
    yield from _prove_words(course, lesson)
    yield from _prove_lessons_exist(course, lesson)


def _prove_words(course: Course, lesson: Lesson) -> Iterator[Fault]:
    cells = course.master(lesson).cells
    text = "\n\n".join(cell.source for cell in cells if not cell.is_code)
    rules = [rule.text for kata in lesson.katas for rule in course.rules(kata)]
    read = INLINE_CODE.sub("", plain("\n\n".join((text, *rules))))
    words = (FORBIDDEN, "the word"), (HOUSE_WORDS, "the authors' word")
    for pattern, name in (*words, (EMOJI, "the emoji")):
        for found in sorted({match[0] for match in pattern.finditer(read)}):
            around = _sentence_around(read, found)
            said = f"{name} “{found}” stands in it: {around}"
            yield Fault(Kind.PROSE, lesson.slug, said)


def _sentence_around(text: str, word: str) -> str:
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return next(line for line in lines if word in line)


def _prove_lessons_exist(course: Course, lesson: Lesson) -> Iterator[Fault]:
    """No cell names a lesson that curriculum.toml does not list."""
    slugs = {one.slug for one in course.curriculum.lessons}
    numbers = {one.number for one in course.curriculum.lessons}
    for cell in course.master(lesson).cells:
        cited = {*SLUG.findall(cell.source)} - slugs
        for match in LESSONS.finditer(cell.source):
            cited |= {*NUMBER.findall(match[1])} - numbers
        for name in sorted(cited):
            said = f"{cell.raw.get('id', '?')} names lesson {name}, which isn't there"
            yield Fault(Kind.PROSE, lesson.slug, said)


def prove_minutes(
    course: Course, lesson: Lesson, limits: Limits = LIMITS
) -> Iterator[Fault]:
    """The core of a lesson is a sitting, and its opening says how long that is."""
    core = [kata for kata in lesson.katas if kata.core]
    minutes = sum(kata.minutes for kata in core)
    if minutes > limits.core_minutes:
        said = f"its core takes {minutes} minutes; {limits.core_minutes} are the most"
        yield Fault(Kind.PROSE, lesson.slug, said)
    fewest, most = limits.core_katas
    # One without an example is plumbing, or a fix that an earlier example prepared.
    taught = [kata for kata in core if course.cells(kata).example]
    if not fewest <= len(taught) <= most:
        said = f"it has {len(taught)} core katas; {fewest} to {most} are the limits"
        yield Fault(Kind.PROSE, lesson.slug, said)
    opening = "\n".join(
        cell.source
        for cell in takewhile(
            lambda cell: "kata" not in cell.options, course.master(lesson).cells
        )
        if not cell.is_code
    )
    told = OPENING.search(opening)
    if not told:
        said = "its opening lacks the line `*About … minutes. You need …*`"
        yield Fault(Kind.PROSE, lesson.slug, said)
    elif abs(int(told[1]) - minutes) > ROUNDED:
        said = f"its opening says {told[1]} minutes; its core katas take {minutes}"
        yield Fault(Kind.PROSE, lesson.slug, said)


def count_words(markdown: str) -> int:
    """Return how many words of prose a text has; a dash or an arrow is none."""
    return sum(any(map(str.isalnum, word)) for word in plain(markdown).split())


def plain(markdown: str) -> str:
    """Return markdown without code blocks, headings, link targets, lines of figures."""
    text = CODE_BLOCK.sub("", markdown)
    return NO_PROSE.sub("", LINK_TARGET.sub("]", text))


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
