"""From the course to its website: pages in Markdown, then MkDocs."""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import kata
from kata.course.course import Course
from kata.course.master import dump, lesson_of
from kata.errors import KataError
from kata.site import (
    behind,
    course_map,
    first_look,
    guides,
    instructors,
    lesson_page,
    openapi,
    repository,
    service,
    topics,
)
from kata.workspace.workspace import write_atomically

SOURCES = (
    "site/lessons",
    "site/behind",
    "site/notebooks",
    "site/service",
    "build/parts",
)
"""The folders that are made here; all else below site/ is written by hand."""
NAVIGATION = "build/nav.yml"
PARTS = "build/parts"
"""What the pages written by hand take in."""
SITE = "build/site"
STAMP = "build/site.stamp"
"""What the site was last made from."""
INPUTS = ("*.yml", "*.toml", "*.md", "solutions/**/*", "checks/**/*", "site/**/*")
ADDRESSES = ("REPO_URL", "SITE_URL")
"""The variables that mkdocs.yml reads."""
WRONG_ANSWERS = "tests/wrong_answers/**/*.py"


@dataclass(frozen=True)
class Made:
    """The Markdown that was made: what changed, what is worth saying."""

    changed: tuple[str, ...]
    notes: tuple[str, ...]


def write(course: Course, scripts: Sequence[str] = ()) -> Made:
    """Write the pages that changed, and remove those that nothing makes any more.

    Each page loads these scripts, which lie below the site.
    """
    _refuse_without_sources(course)
    files = course.reference(course.curriculum.katas)
    described = openapi.describe(files)
    texts = _texts(course, files, described, scripts)
    before = {path: _read(course.root / path) for path in {*texts, *_present(course)}}
    changed = [path for path, text in before.items() if text != texts.get(path)]
    for path in changed:
        if path in texts:
            write_atomically(course.root / path, texts[path])
        else:
            (course.root / path).unlink()
    return Made(
        tuple(sorted(changed)),
        (*_unfinished(course), *_unlisted(course), *described.notes),
    )


def render(course: Course, beside: Mapping[str, Path]) -> float:
    """Let MkDocs make the site, and return the seconds it took.

    `beside` are folders that come into the site as they are, by their names there.
    """
    if find_spec("mkdocs") is None or find_spec("material") is None:
        raise KataError(
            "MkDocs is not installed, or its theme is not.",
            "Install what authors need: `pip install -e '.[dev]'`, or use `uv run`.",
        )
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict"],
        cwd=course.root,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        said = (done.stdout + done.stderr).splitlines()
        faults = [line for line in said if line and not line.startswith("INFO")]
        raise KataError(
            "\n".join(["MkDocs did not take the pages:", *faults]),
            "Fix what it names: in the notebook, or in site/.",
        )
    _drop_empty_sitemap(course.root / SITE)
    for name, folder in beside.items():
        shutil.copytree(folder, course.root / SITE / name, dirs_exist_ok=True)
    write_atomically(course.root / STAMP, fingerprint(course, beside))
    return time.perf_counter() - start


def up_to_date(course: Course, beside: Collection[str]) -> bool:
    """Tell whether the site was made from what is there now, with these folders."""
    whole = (course.root / SITE / "index.html").exists()
    return whole and _read(course.root / STAMP) == fingerprint(course, beside)


def fingerprint(course: Course, beside: Collection[str] = ()) -> str:
    """Return what stands for everything that the site is made from."""
    found = hashlib.sha256()
    tools = (version("mkdocs"), version("mkdocs-material"), sys.version, *beside)
    addresses = [os.environ.get(name) for name in ADDRESSES]
    found.update(repr((tools, addresses)).encode())
    paths = {
        path for glob in (*INPUTS, WRONG_ANSWERS) for path in course.root.glob(glob)
    }
    engine = Path(kata.__file__).parent
    paths |= {*engine.rglob("*.py"), *engine.glob("page/web/*")}
    for path in sorted(paths):
        if path.is_file() and "__pycache__" not in path.parts:
            found.update(str(path).encode())
            found.update(path.read_bytes())
    return found.hexdigest()


def rendered(course: Course) -> int:
    """Return how many pages of HTML the site has."""
    return sum(1 for _ in (course.root / SITE).rglob("*.html"))


def _texts(
    course: Course,
    files: Mapping[str, str],
    described: openapi.Description,
    scripts: Sequence[str],
) -> dict[str, str]:
    """Return every text that is made, by its path below the course."""
    made = {service.API: openapi.render(described)} | service.pages(course, files)
    made[instructors.MISTAKES] = instructors.mistakes(course)
    for lesson in course.curriculum.lessons:
        notebook = dump(lesson_of(course.master(lesson).raw))
        made[f"{lesson_page.NOTEBOOKS}/{lesson.slug}.ipynb"] = notebook
        made[lesson_page.path_of(lesson)] = lesson_page.render(course, lesson)
        for one in lesson.katas:
            if course.checks_path(one).exists():
                made[behind.path_of(lesson, one)] = behind.render(course, lesson, one)
    return {f"site/{path}": text for path, text in made.items()} | {
        NAVIGATION: course_map.navigation(course, made, scripts),
        f"{PARTS}/map.md": course_map.render(course),
        f"{PARTS}/size.md": course_map.size(course),
        f"{PARTS}/start.md": repository.start(course, in_pages=bool(scripts)),
        f"{PARTS}/verdicts.md": first_look.render(course),
        f"{PARTS}/guides.md": guides.render(course),
        f"{PARTS}/topics.md": topics.render(course),
        f"{PARTS}/schedules.md": instructors.schedules(course),
    }


def _unfinished(course: Course) -> Iterator[str]:
    for lesson in course.curriculum.lessons:
        if lacking := lesson_page.missing(course, lesson):
            said = ", ".join(f"{len(katas)} {what}" for what, katas in lacking.items())
            total = len(lesson.katas)
            yield f"{lesson.slug} is being written: of {total} katas, {said} missing"


def _unlisted(course: Course) -> Iterator[str]:
    for kata_id in guides.unlisted(course):
        yield f"{kata_id} is a fix: {guides.DATA} should say of what"


def _present(course: Course) -> Iterator[str]:
    for folder in SOURCES:
        for path in (course.root / folder).rglob("*.*"):
            yield path.relative_to(course.root).as_posix()


def _drop_empty_sitemap(site: Path) -> None:
    """Remove a sitemap without addresses: MkDocs writes one where it knows none."""
    sitemap = site / "sitemap.xml"
    if sitemap.exists() and "<loc>" not in sitemap.read_text(encoding="utf-8"):
        for path in site.glob("sitemap.xml*"):
            path.unlink()


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def _refuse_without_sources(course: Course) -> None:
    if not (course.root / "mkdocs.yml").exists():
        raise KataError(
            f"There is no mkdocs.yml in {course.root}: this course has no site.",
            "Build the site in a clone.",
        )
