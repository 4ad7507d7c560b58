"""The static files of a page's katas, from what is installed and what was fetched.

Everything goes into one folder. Compiled parts are kept by their contents, so that a
second build compiles what has changed and nothing else.
"""

import gzip
import hashlib
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import kata
from kata.course.course import Course
from kata.errors import KataError
from kata.page import parts
from kata.page.bundle import bundle
from kata.page.fetch import LOCK, WEB, fetch, node
from kata.page.inside.course import PageCourse

CACHE = Path(kata.__file__).parents[1] / "build" / "page-cache"
"""Where downloads and compiled parts are kept, whichever course is built."""
MANIFEST = "page.json"
MODULE = "pyodide.asm.wasm"
"""Python itself. It is sent compressed, whatever a server does."""
PYODIDE = ("pyodide.mjs", "pyodide.asm.mjs", MODULE)
LOCKED = "pyodide-lock.json"
STDLIB = "stdlib"
DROPPED = re.compile(
    r"(__phello__|_pyio|antigravity|cProfile|doctest|ensurepip|ftplib|idlelib|imaplib"
    r"|mailbox|modulefinder|multiprocessing|optparse|pickletools|plistlib|poplib"
    r"|profile|pstats|pydoc|site-packages|tabnanny|tarfile|this|trace|turtle|wave"
    r"|webbrowser|xmlrpc|zipapp)(/|\.py$)"
    r"|asyncio/(windows|proactor)|concurrent/(interpreters|futures/interp)|xml/(dom|sax)/"
    r"|encodings/(big5|cp(?!437)|euc|gb|hp|hz|iso|johab|koi8|mac|mbcs|oem"
    r"|palmos|ptcp|shift|tis|kz1048)"
)
"""Modules of Python's own library that no kata would import."""
PATIENCE = 900
"""Seconds that compiling everything may take."""


@dataclass(frozen=True)
class Built:
    """The folder that was made, and what a reader loads at the first use."""

    folder: Path
    base_bytes: int
    all_bytes: int


def build(course: Course, into: Path, tell: Callable[[str], None] = print) -> Built:
    """Make the folder with everything that pages need, whatever is in the cache."""
    npm, wheels = fetch(CACHE)
    pyodide = npm / "pyodide"
    version = json.loads((pyodide / "package.json").read_text("utf-8"))["version"]
    contents = _contents(course, pyodide, wheels)
    names = {part: f"{part}-{_digest(files)}" for part, files in contents.items()}
    _compile(pyodide, contents, names, tell)
    shutil.rmtree(into, ignore_errors=True)
    python = into / f"python-{version}"
    python.mkdir(parents=True)
    for name in PYODIDE:
        shutil.copy(pyodide / name, python / name)
    lock = json.loads((pyodide / LOCKED).read_text("utf-8"))
    lock["packages"] = {}  # nothing is ever loaded from another place
    (python / LOCKED).write_text(json.dumps(lock), "utf-8")
    module = python / MODULE
    packed = module.with_name(f"{MODULE}.gz")
    packed.write_bytes(gzip.compress(module.read_bytes(), mtime=0))
    made = {part: _placed(part, name, into) for part, name in names.items()}
    manifest = _manifest(course, python.name, made) | {
        "wasm": {
            "file": packed.relative_to(into).as_posix(),
            "bytes": packed.stat().st_size,
        },
        "python_files": [name for name in (*PYODIDE, LOCKED) if name != MODULE],
        **bundle(course, npm, into),
    }
    (into / MANIFEST).write_text(json.dumps(manifest), "utf-8")
    return _weighed(into, python, made)


def _contents(course: Course, pyodide: Path, wheels: Path) -> dict[str, parts.Files]:
    with zipfile.ZipFile(pyodide / "python_stdlib.zip") as archive:
        stdlib = {
            name: archive.read(name)
            for name in archive.namelist()
            if not name.endswith("/") and not DROPPED.match(name)
        }
    return {
        STDLIB: stdlib,
        **{part: parts.libraries(part, wheels) for part in parts.LIBRARIES},
        "engine": parts.engine(),
        "course": parts.course_files(course),
    }


def _compile(
    pyodide: Path,
    contents: Mapping[str, parts.Files],
    names: Mapping[str, str],
    tell: Callable[[str], None],
) -> None:
    """Compile the parts that are not in the cache yet."""
    missing = [part for part, name in names.items() if not _cached(part, name).exists()]
    if not missing:
        return
    tell(f"Compiling for pages: {', '.join(missing)}.")
    stage, out = CACHE / "stage", CACHE / "packs"
    shutil.rmtree(stage, ignore_errors=True)
    out.mkdir(parents=True, exist_ok=True)
    for part in missing:
        for name, data in contents[part].items():
            path = stage / part / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    script = [str(WEB / "compile.mjs"), str(pyodide), str(stage), str(out)]
    run_node([*script, str(WEB / "compile.py")], "compile what pages need")
    for part in missing:
        (out / f"{part}{_suffix(part)}").replace(_cached(part, names[part]))
    shutil.rmtree(stage)


def run_node(arguments: list[str], purpose: str) -> None:
    """Run a script of `web/` to its end; a failure is a `KataError`."""
    try:
        subprocess.run(  # noqa: S603 - our own scripts
            [node(), *arguments],
            check=True,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=PATIENCE,
        )
    except (OSError, subprocess.SubprocessError) as error:
        said = (getattr(error, "stderr", "") or str(error)).strip()
        raise KataError(
            f"Node could not {purpose}:\n{said[-2000:]}",
            f"Remove {CACHE} and build again; if that does not help, report it.",
        ) from None


def _suffix(part: str) -> str:
    return ".zip" if part == STDLIB else ".pack"


def _cached(part: str, name: str) -> Path:
    return CACHE / "packs" / f"{name}{_suffix(part)}"


def _placed(part: str, name: str, into: Path) -> Path:
    return Path(shutil.copy(_cached(part, name), into))


def _digest(files: parts.Files) -> str:
    found = hashlib.sha256()
    for path in (LOCK, WEB / "compile.py", WEB / "compile.mjs"):
        found.update(path.read_bytes())
    for name, data in files.items():
        found.update(f"{name}\0{len(data)}\0".encode())
        found.update(data)
    return found.hexdigest()[:16]


def _manifest(
    course: Course, python: str, made: Mapping[str, Path]
) -> dict[str, object]:
    """Return what a page reads first: where everything is, and what a kata needs."""
    sizes = {
        part: {"file": path.name, "bytes": path.stat().st_size}
        for part, path in made.items()
    }
    stdlib = sizes.pop(STDLIB)
    course = PageCourse(course.root)
    return {
        "python": python,
        "stdlib": stdlib,
        "always": parts.ALWAYS,
        "parts": sizes,
        "katas": {
            one.id: {"parts": parts.needed(course, one), "limit": one.time_limit}
            for one in course.curriculum.katas
        },
        "lessons": {
            one.slug: parts.needed(course, one.katas[-1])
            for one in course.curriculum.lessons
        },
    }


def _weighed(into: Path, python: Path, made: Mapping[str, Path]) -> Built:
    base = [*(python / name for name in PYODIDE), made[STDLIB]]
    base += [made[part] for part in parts.ALWAYS]
    rest = [path for path in made.values() if path not in base]
    first = sum(map(_gzipped, base))
    return Built(into, first, first + sum(map(_gzipped, rest)))


def _gzipped(path: Path) -> int:
    if path.suffix in {".pack", ".zip"}:
        return path.stat().st_size
    return len(gzip.compress(path.read_bytes(), compresslevel=6))
