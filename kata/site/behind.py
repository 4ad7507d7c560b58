"""One page a kata: what stands behind it; its checks, other answers, mistakes."""

from pathlib import Path

from kata.course.course import Course
from kata.course.curriculum import Kata, Lesson
from kata.site.markdown import escaped, fence, front_matter, heading, page, quiet_fold
from kata.source.cell import lines_of, option_lines, options
from kata.verify.answers import wrong_answers


def path_of(lesson: Lesson, kata: Kata) -> str:
    """Return where the page stands, below the site's sources."""
    return f"behind/{lesson.slug}/{kata.name}.md"


def render(course: Course, lesson: Lesson, kata: Kata) -> str:
    """Return the page of a kata that has checks."""
    checks = course.checks_path(kata)
    return page(
        front_matter(search="{exclude: true}"),
        heading(1, f"Behind: {escaped(kata.title)}"),
        f"[Back to the kata](../../lessons/{lesson.slug}.md#{kata.name}), where you "
        f"write it: `{kata.id}`.",
        *_others(course, kata),
        *_refused(course, kata),
        heading(2, "The checks", "checks"),
        "They are plain pytest, and you can read them before you begin. Each docstring "
        "is a rule of the kata.",
        fence(
            checks.read_text(encoding="utf-8"),
            title=checks.relative_to(course.root).as_posix(),
        ),
        *_shared(course, checks.with_name("conftest.py")),
    )


def contents(course: Course, kata: Kata) -> str:
    """Return what the page holds, as words for a link."""
    variants = len(course.cells(kata).solutions) - 1
    refused = len(mistakes(course, kata))
    found = ["its checks"]
    if variants:
        found.append("another answer" if variants == 1 else f"{variants} other answers")
    if refused:
        found.append(f"{refused} mistakes that they refuse")
    return ", ".join(found)


def mistakes(course: Course, kata: Kata) -> list[str]:
    """Return what each wrong answer gets wrong: the comment at its head."""
    found = []
    for path in wrong_answers(course, kata):
        source = path.read_text(encoding="utf-8")
        said = []
        for line in lines_of(source)[len(option_lines(source)) :]:
            if not line.startswith("#"):
                break
            said.append(line.lstrip("# "))
        found.append(" ".join(said) or path.stem.replace("_", " ").capitalize())
    return found


def _others(course: Course, kata: Kata) -> list[str]:
    variants = course.cells(kata).solutions[1:]
    if not variants:
        return []
    return [
        heading(2, "Other right answers", "answers"),
        "The same checks pass them. The service keeps the first answer, the one on the "
        "lesson's page.",
        *(quiet_fold("code", _named(source), fence(source)) for source in variants),
    ]


def _shared(course: Course, fixtures: Path) -> list[str]:
    if not fixtures.exists():
        return []
    return [
        "What checks of this lesson share stands beside them, where pytest finds it.",
        fence(
            fixtures.read_text(encoding="utf-8"),
            title=fixtures.relative_to(course.root).as_posix(),
        ),
    ]


def _named(source: str) -> str:
    name = options(source).get("variant", "another way")
    return name[:1].upper() + name[1:]


def _refused(course: Course, kata: Kata) -> list[str]:
    found = mistakes(course, kata)
    if not found:
        return []
    return [
        heading(2, "What the checks refuse", "mistakes"),
        "Each of these is an answer that was run, and refused by the rule it breaks.",
        "\n".join(f"- {escaped(one)}" for one in found),
    ]
