"""What became of mutants in earlier runs, so that a run goes on where one stopped."""

import hashlib
import json
import platform
import threading
from functools import cache
from importlib.metadata import distributions
from pathlib import Path

from kata.course.course import Course
from kata.course.curriculum import Kata

FILE = ".mutants/judged.jsonl"
"""Below the course; Git ignores it."""
JUDGES = ("runner", "judge", "source")
"""The rooms of the engine that have a say in a verdict."""


class Memory:
    """Remembers by all that a verdict hangs on whether a mutant survived.

    One line a mutant, written as soon as it is known. Without a path, or where none
    can be written, nothing outlives the run.
    """

    def __init__(self, course: Course, path: Path | None = None) -> None:
        self._course = course
        self._path = path
        self._lock = threading.Lock()
        self._known = dict(_read(path)) if path else {}
        self.recalled = 0
        """How many mutants were known from an earlier run."""

    @classmethod
    def of(cls, course: Course, *, fresh: bool = False) -> "Memory":
        """Return what is remembered of a course; a `fresh` one begins with nothing."""
        path = course.root / FILE
        if fresh:
            path.unlink(missing_ok=True)
        return cls(course, path)

    def key(self, kata: Kata) -> str:
        """Return what the verdicts on a kata's mutants hang on, as a short text."""
        katas = self._course.curriculum.katas
        files = self._course.reference(katas[: katas.index(kata) + 1])
        path = self._course.checks_path(kata)
        suite = self._course.suite
        checks = [path, path.with_name("conftest.py"), *sorted(suite.glob("*.*"))]
        texts = [one.read_text(encoding="utf-8") for one in checks if one.is_file()]
        return _digest(*files.values(), *texts, repr(kata), _tools())

    def recall(self, key: str, source: str) -> bool | None:
        """Tell whether a mutant survived; None where nobody knows."""
        survived = self._known.get(_digest(key, source))
        with self._lock:
            self.recalled += survived is not None
        return survived

    def keep(self, key: str, source: str, *, survived: bool) -> None:
        """Write down what became of a mutant."""
        row = json.dumps([_digest(key, source), survived])
        if self._path is None:
            return
        with self._lock:
            try:
                self._path.parent.mkdir(exist_ok=True)
                with self._path.open("a", encoding="utf-8") as file:
                    file.write(f"{row}\n")
            except OSError:
                return  # it only takes longer the next time


def _read(path: Path) -> list[tuple[str, bool]]:
    try:
        rows = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeError):
        return []
    found = []
    for row in rows:
        try:
            digest, survived = json.loads(row)
        except ValueError:
            continue  # a line that a run was stopped in
        found.append((str(digest), bool(survived)))
    return found


def _digest(*texts: str) -> str:
    whole = hashlib.sha256()
    for text in texts:
        whole.update(f"{len(text)}:{text}".encode())
    return whole.hexdigest()[:32]


@cache
def _tools() -> str:
    """Return a text that changes with Python, a library, or what judges an answer."""
    engine = Path(__file__).parents[2]
    files = sorted(one for room in JUDGES for one in (engine / room).rglob("*.py"))
    versions = sorted(f"{one.name}=={one.version}" for one in distributions())
    texts = (one.read_text(encoding="utf-8") for one in files)
    return _digest(platform.python_version(), *versions, *texts)
