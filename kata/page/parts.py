"""What a page loads, in parts: which files of which libraries, engine and course.

The libraries are those that are installed here, which pyproject.toml pins. Only what
they have in C comes from elsewhere: see `fetch`.
"""

import json
import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import kata
from kata.course.course import Course
from kata.course.curriculum import Kata
from kata.course.master import Notebook
from kata.errors import KataError

LIBRARIES = {
    "base": (
        *("annotated-doc", "annotated-types", "anyio", "certifi", "email-validator"),
        *("fastapi",),
        *("h11", "httpcore", "httpx", "idna", "iniconfig", "isort", "markdown-it-py"),
        *("mdurl", "mypy-extensions", "opentelemetry-api", "packaging", "pluggy"),
        *("pydantic", "pydantic-settings", "pygments"),
        *("pyjwt", "pytest", "python-dotenv", "python-multipart", "starlette"),
        *("typing-extensions", "typing-inspection"),
    ),
    "sql": ("aiosqlite", "sqlalchemy"),
    "alembic": ("alembic", "mako", "markupsafe"),
    "argon2": ("argon2-cffi", "pwdlib"),
    "redis": ("redis",),
    "observe": ("prometheus-client", "structlog"),
    "uvicorn": ("click", "uvicorn"),
}
"""The distributions of each part."""
IMPORTS = {
    "sqlalchemy": "sql",
    "aiosqlite": "sql",
    "alembic": "alembic",
    "pwdlib": "argon2",
    "argon2": "argon2",
    "redis": "redis",
    "prometheus_client": "observe",
    "structlog": "observe",
    "uvicorn": "uvicorn",
}
"""What is imported, and the part that has it; all else is in the base."""
FOREIGN = {"pydantic_core": "base", "_argon2_cffi_bindings": "argon2"}
"""The packages that come from wheels made for WebAssembly."""
ALWAYS = ("base", "engine", "course")
UNUSED = re.compile(
    r"(^|/)(__pycache__|tests?|testing)/"
    r"|^sqlalchemy/(testing|ext/mypy|dialects/(mssql|oracle|mysql))/"
    r"|^pygments/(lexers|styles|formatters)/"
    r"(?!__init__|_mapping|python|special|default|_builtins|diff|terminal\.)"
    r"|^anyio/_backends/_trio|^pydantic/(v1|mypy|_hypothesis)"
    r"|^pygments/(cmdline|sphinxext)|^packaging/licenses/"
    r"|^isort/(deprecated|_future)/|^isort/(setuptools_commands|pylama|hooks|main)"
    r"|^uvicorn/(supervisors|workers|_subprocess)"
    r"|^redis/commands/(search|json|timeseries|bf|graph|vectorset)/tests"
    r"|(^|/)\.\.|\.(pyi|c|pyx|pxd|h|so|pyd|typed|md|rst)$"
    r"|\.dist-info/(?!METADATA$|entry_points\.txt$)"
)
"""What no kata needs of those libraries."""
OUTSIDE = re.compile(
    r"kata/(build|cli|content|export|serving|site|update|verify|page/(?!inside))"
    r"|kata/notebook/(?!__init__|names|namespace)"
    r"|kata/runner/(plain|processes|shared|spawn|supervise|warm|zygote)"
    r"|kata/runner/child/(main|where)|kata/loop/watching|kata/__main__"
    r"|kata/page/[^/]+\.py$(?<!__init__\.py)"
)
"""What of the engine can't run in a page, or has nothing to do there."""
CERTIFICATES = "cacert.pem"
"""Has to be there, and may be empty: no connection leaves a page."""
IMPORT = re.compile(r"^\s*(?:from|import)\s+(\w+)", re.MULTILINE)

Files = dict[str, bytes]
"""What a part holds, by path."""


def libraries(part: str, wheels: Path) -> Files:
    """Return the files of a part's libraries; one that is not installed is an error."""
    found: Files = {}
    for name in LIBRARIES[part]:
        found |= dict(_installed(name))
    for package, belongs_to in FOREIGN.items():
        if belongs_to == part:
            for path in sorted((wheels / package).rglob("*")):
                name = path.relative_to(wheels).as_posix()
                if path.is_file() and (path.suffix == ".so" or not UNUSED.search(name)):
                    found[name] = path.read_bytes()
    return found


def engine() -> Files:
    """Return the modules of the engine that a page runs."""
    home = Path(kata.__file__).parents[1]
    return {
        name: path.read_bytes()
        for path in sorted((home / "kata").rglob("*.py"))
        if not OUTSIDE.match(name := path.relative_to(home).as_posix())
    }


def course_files(course: Course) -> Files:
    """Return what a page needs of the course: its masters without their outputs."""
    found = {"curriculum.toml": (course.root / "curriculum.toml").read_bytes()}
    for path in sorted(course.suite.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            found[path.relative_to(course.root).as_posix()] = path.read_bytes()
    for lesson in course.curriculum.lessons:
        if course.master_path(lesson).exists():
            name = course.master_path(lesson).relative_to(course.root).as_posix()
            found[name] = _bare(course.master(lesson))
    return found


def needed(course: Course, kata: Kata) -> tuple[str, ...]:
    """Return the parts that a kata needs: of its lesson, its checks, and those before.

    Earlier answers are part of the service, so what they import is needed as well.
    """
    lesson = course.curriculum.lesson_of(kata)
    lessons = course.curriculum.lessons
    texts = [
        cell.source
        for one in lessons[: lessons.index(lesson) + 1]
        for cell in course.master(one).cells
        if cell.is_code and (one is lesson or "solution" in cell.tags)
    ]
    checks = course.checks_path(kata)
    texts += [p.read_text(encoding="utf-8") for p in checks.parent.glob("*.py")]
    imported = {name for text in texts for name in IMPORT.findall(text)}
    wanted = {part for name, part in IMPORTS.items() if name in imported}
    return (*ALWAYS, *(part for part in LIBRARIES if part in wanted))


def _installed(name: str) -> Iterator[tuple[str, bytes]]:
    try:
        listed = distribution(name).files or ()
    except PackageNotFoundError:
        raise KataError(
            f"{name} is not installed, and pages need it.",
            "Install the course with what authors need: `uv sync`.",
        ) from None
    for file in sorted(listed, key=str):
        path = Path(str(file.locate()))
        if not UNUSED.search(file.as_posix()) and path.is_file():
            data = b"" if path.name == CERTIFICATES else path.read_bytes()
            if path.name == "METADATA":
                data = data.partition(b"\n\n")[0]  # the rest is its README
            yield file.as_posix(), data


def _bare(notebook: Notebook) -> bytes:
    cells = [
        raw | ({"outputs": [], "execution_count": None} if raw.get("outputs") else {})
        for raw in notebook.raw["cells"]
    ]
    raw = notebook.raw | {"cells": cells}
    return json.dumps(raw, ensure_ascii=False, separators=(",", ":")).encode()
