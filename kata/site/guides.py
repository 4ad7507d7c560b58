"""Where the copied guides are wrong: patterns, their harm, the katas that prove it."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kata.course.course import Course
from kata.course.curriculum import Kata
from kata.errors import KataError
from kata.site import lesson_page
from kata.site.markdown import escaped, fence, heading, page, quiet_fold
from kata.source.cell import options
from kata.verify.answers import wrong_answers

DATA = "site/copied-guides.toml"
STUB = "stub"


@dataclass(frozen=True)
class Pattern:
    """What guides show, and what is wrong with it."""

    pattern: str
    harm: str
    instead: str
    kata: str
    proof: str


def load(root: Path) -> tuple[Pattern, ...]:
    """Read the patterns. What does not fit is a `KataError`."""
    try:
        table = tomllib.loads((root / DATA).read_text(encoding="utf-8"))
        return tuple(Pattern(**row) for row in table["patterns"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise KataError(
            f"{DATA} can't be read: {error}.",
            "Look at how its other entries are written.",
        ) from None


def render(course: Course) -> str:
    """Return the patterns that a finished kata proves, as a part of their page."""
    shown: list[str] = []
    for lesson in course.curriculum.lessons:
        patterns = [
            (one, kata)
            for one in load(course.root)
            for kata in lesson.katas
            if one.kata == kata.id and course.checks_path(kata).exists()
        ]
        if patterns:
            where = lesson_page.path_of(lesson)
            name = f"{lesson.number} {escaped(lesson.title)}"
            shown.append(heading(2, f"Lesson {name}", f"lesson-{lesson.name}"))
            shown += [_pattern(course, one, kata, where) for one, kata in patterns]
    return page(*shown)


def unlisted(course: Course) -> Iterator[str]:
    """Yield the katas that call themselves a fix, and have no pattern."""
    listed = {one.kata for one in load(course.root)}
    for kata in course.curriculum.katas:
        if kata.id not in listed and lesson_page.FIX.search(course.cells(kata).brief):
            yield kata.id


def proof_of(course: Course, pattern: Pattern, kata: Kata) -> str:
    """Return the code that a pattern stands for; none there is a `KataError`."""
    if pattern.proof == STUB:
        return course.cells(kata).stub
    for path in wrong_answers(course, kata):
        if path.stem == pattern.proof:
            return path.read_text(encoding="utf-8")
    raise KataError(
        f"{DATA}: {kata.id} has no wrong answer `{pattern.proof}`.",
        f"Name a file of its wrong answers, or `{STUB}`.",
    )


def _pattern(course: Course, pattern: Pattern, kata: Kata, where: str) -> str:
    source = proof_of(course, pattern, kata)
    link = f"[{escaped(kata.title)}]({where}#{kata.name})"
    if pattern.proof == STUB:
        proof = f"{link} begins with it. Run it: red."
    else:
        broken = options(source).get("refused_by", "")
        rules = {rule.check: rule.text for rule in course.rules(kata)}
        proof = f"{link} refuses it by the rule: {escaped(rules.get(broken, broken))}"
    return page(
        heading(3, pattern.pattern),
        pattern.harm,
        f"**Instead:** {pattern.instead}",
        f"**Proof:** {proof}",
        quiet_fold("code", "The code that is run and refused", fence(source)),
    )
