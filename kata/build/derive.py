"""From the masters to everything derived from them: lessons and the service."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kata.build.clean import clean
from kata.course.course import Course
from kata.course.master import dump, lesson_of
from kata.workspace.workspace import write_atomically


@dataclass(frozen=True)
class Difference:
    """A file that is not what the masters say; `wanted` is None for a stray one."""

    path: Path
    where: str
    reason: str
    wanted: str | None = None


def derived_files(course: Course) -> dict[Path, str]:
    """Return what the masters, lessons/ and solutions/service/ should hold, by path."""
    files = {}
    for lesson in course.curriculum.lessons:
        master = clean(course.master(lesson).raw)
        files[course.master_path(lesson)] = dump(master)
        files[course.lesson_path(lesson)] = dump(lesson_of(master))
    service = course.reference(course.curriculum.katas)
    return files | {_service(course) / file: text for file, text in service.items()}


def differences(course: Course) -> list[Difference]:
    """Return where what is on disk differs from what the masters say."""
    wanted = derived_files(course)
    found: list[tuple[Path, str, str | None]] = []
    for path, text in wanted.items():
        if not path.exists():
            found.append((path, "is missing", text))
        elif path.read_bytes() != text.encode():
            is_master = path.parent == course.root / "solutions"
            reason = "is not clean" if is_master else "differs from its master"
            found.append((path, reason, text))
    found += [
        (path, "has no master: delete it", None)
        for path in sorted(_present(course) - {*wanted})
    ]
    return [
        Difference(path, path.relative_to(course.root).as_posix(), reason, text)
        for path, reason, text in found
    ]


def derive(course: Course) -> Iterator[Difference]:
    """Write the files that differ, and yield every difference.

    What has no master is left for a person to delete: it may be somebody's work in
    the wrong folder.
    """
    for difference in differences(course):
        if difference.wanted is not None:
            write_atomically(difference.path, difference.wanted)
        yield difference


def _service(course: Course) -> Path:
    return course.root / "solutions" / "service"


def _present(course: Course) -> set[Path]:
    service = _service(course)
    return {
        *(course.root / "lessons").glob("*.ipynb"),
        *(
            path
            for path in service.rglob("*")
            if path.is_file() and not _leftover(path.relative_to(service))
        ),
    }


def _leftover(path: Path) -> bool:
    """Tell whether a file is what tools leave behind, such as caches."""
    return any(part.startswith((".", "__pycache__")) for part in path.parts)
