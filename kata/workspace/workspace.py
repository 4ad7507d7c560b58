"""The learner's folder: their notebooks, their service, their progress."""

import os
import secrets
import shutil
import stat
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kata.course.course import Course
from kata.errors import KataError

MARKER = ".kata"
GIVEN = "given"
"""Below the marker: each lesson as it was given, which `kata update` compares with."""
VERSION = "version"
"""Below the marker: the newest version of the course that gave anything."""
DEFAULT = "my-waybill"
VARIABLE = "KATA_WORKSPACE"
OUTPUTS, STORED = "KATA_OUTPUTS", "stored"
"""A variable, and its value, which say that outputs are kept with the course: they are
the same on every machine, and hold no answer that has a cell of its own beside them."""
ABANDONED = 60.0
"""Seconds after which nobody is still writing a file."""
PYTEST_INI = "pytest.ini"
INI = (
    "[pytest]\n"
    "testpaths = tests\n"
    "pythonpath = .\n"
    "anyio_mode = auto\n"
    "# Plugins of other programs would be loaded as well, and take seconds. Yours can\n"
    "# be added: -p pytest_cov\n"
    "addopts = --disable-plugin-autoload -p anyio\n"
)
"""Without one, pytest would take a clone around the workspace for the learner's."""
OLDER_INI = "[pytest]\ntestpaths = tests\nanyio_mode = auto\n"
"""What an older version of the course has written."""
APPS = ("waybill.main:app", "waybill.hello:app")
"""What can be served, the finished app first."""


@dataclass(frozen=True)
class Workspace:
    """A folder that `kata start` made."""

    root: Path

    @property
    def progress_path(self) -> Path:
        """The file that holds progress and history."""
        return self.root / MARKER / "progress.db"

    def given_path(self, notebook: str) -> Path:
        """Return the file that holds a lesson's notebook as it was given."""
        return self.root / MARKER / GIVEN / notebook

    @property
    def app(self) -> str:
        """The app that can be served, or nothing."""
        for app in APPS:
            module = app.partition(":")[0]
            if (self.root / f"{module.replace('.', '/')}.py").exists():
                return app
        return ""

    def read(self, file: str) -> str | None:
        """Return a file's text, or None where there is no such file."""
        try:
            return (self.root / file).read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            return None
        except (OSError, UnicodeError) as error:
            raise KataError(
                f"{file} can't be read: {_reason(error)}.",
                f"Look at {self.root / file}; it should be a text file.",
            ) from None

    def write(self, file: str, text: str) -> None:
        """Write a file whole or not at all. A text that is there already stays."""
        if self.read(file) == text:
            return
        write_atomically(self.root / file, text)

    def require(self) -> None:
        """See that the folder is still there; one that was moved is never made anew."""
        if not self.root.is_dir():
            raise self.gone()

    def gone(self) -> KataError:
        """Return what to say where the folder is no longer there."""
        return KataError(
            f"Your workspace was at {self.root}, and is not there any more.",
            "Nothing was written. If you moved or renamed it, open it where it is now.",
        )

    def write_all(self, files: Mapping[str, str]) -> None:
        """Write several files."""
        for file, text in files.items():
            self.write(file, text)

    def scratch_copy(self, into: Path, texts: Iterable[str] = ()) -> "Workspace":
        """Copy the service, its tests and these files, without progress or notebooks.

        A file that is not there is none of the copy.
        """
        ignore = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
        try:
            for folder in filter(self._holds_code, self.root.iterdir()):
                shutil.copytree(
                    folder,
                    into / folder.name,
                    ignore=ignore,
                    ignore_dangling_symlinks=True,
                )
        except OSError as error:
            raise KataError(
                f"{self.root} can't be copied: {_reason(error)}.",
                "Look at that file, and make some room on the disk.",
            ) from None
        copy = Workspace(into)
        for file in texts:
            if (text := self.read(file)) is not None:
                copy.write(file, text)
        return copy

    def _holds_code(self, entry: Path) -> bool:
        hidden = entry.name.startswith(".")
        environment = (entry / "pyvenv.cfg").exists()
        if not entry.is_dir() or hidden or environment:
            return False
        if not entry.is_symlink():
            return True
        # A package may be kept elsewhere, but not around this very folder.
        around = self.root.resolve().is_relative_to(entry.resolve())
        return not around and any(entry.glob("*.py"))


def write_atomically(path: Path, text: str) -> None:
    """Write a text file so that a crash leaves the old one or the new one.

    It keeps its rights, and a new one gets those that the umask leaves: a group may
    share a folder. A folder that can't be written to is a `KataError`.
    """
    path = path.resolve() if path.is_symlink() else path
    new = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_strays(path)
        try:
            with new.open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            if path.exists():
                new.chmod(stat.S_IMODE(path.stat().st_mode))
            new.replace(path)
        except BaseException:
            new.unlink(missing_ok=True)
            raise
    except (OSError, UnicodeError) as error:
        raise KataError(
            f"{path} could not be written: {_reason(error)}.",
            "Nothing was changed. Make the folder writable, or free some space; "
            "`kata start SOME_FOLDER` makes a workspace elsewhere.",
        ) from None


def _remove_strays(path: Path) -> None:
    """Remove what writers of this file left behind when they were killed."""
    for stray in path.parent.glob(f".{path.name}.*.tmp"):
        with suppress(OSError):
            if time.time() - stray.stat().st_mtime > ABANDONED:
                stray.unlink()


def create(root: Path, course: Course) -> Workspace:
    """Make a workspace, or complete the one that is there; nothing is overwritten."""
    if root.exists() and not root.is_dir():
        raise KataError(
            f"{root} is a file, not a folder.", "Name another: `kata start FOLDER`."
        )
    if root == course.root or (root / "curriculum.toml").exists():
        raise KataError(
            f"{root} holds the course itself.",
            f"Name a folder of your own: `kata start {DEFAULT}`.",
        )
    workspace = Workspace(root)
    if not (root / MARKER).exists() and root.exists() and any(root.iterdir()):
        raise KataError(
            f"{root} is not empty, and it is not a workspace.",
            "Name an empty or a new folder: `kata start FOLDER`.",
        )
    write_atomically(root / MARKER / "course", f"{course.root}\n")
    if workspace.read(PYTEST_INI) in {None, OLDER_INI}:
        write_atomically(root / PYTEST_INI, INI)
    for lesson in course.curriculum.lessons:
        source = course.lesson_path(lesson)
        if source.exists() and not (root / source.name).exists():
            give(workspace, source.name, source.read_text(encoding="utf-8"))
    note_version(workspace)
    return workspace


def give(workspace: Workspace, name: str, text: str) -> None:
    """Write a lesson's notebook that is not there yet, and note what was given.

    The note comes first: a notebook without one would count as the learner's code.
    """
    write_atomically(workspace.given_path(name), text)
    write_atomically(workspace.root / name, text)


def note_version(workspace: Workspace) -> None:
    """Note which version of the course gave something, unless a newer one did."""
    ours = course_version()
    if ours and not newer_version(workspace):
        workspace.write(f"{MARKER}/{VERSION}", f"{ours}\n")


def newer_version(workspace: Workspace) -> str:
    """Return the version of the course that made a workspace, if newer than ours."""
    from packaging.version import InvalidVersion, Version

    theirs = (workspace.read(f"{MARKER}/{VERSION}") or "").strip()
    try:
        newer = Version(theirs) > Version(course_version())
    except InvalidVersion:  # nobody noted one, or the course is not installed
        return ""
    return theirs if newer else ""


def course_version() -> str:
    """Return the version of the course that is installed, or nothing."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("fastapi-katas")
    except PackageNotFoundError:
        return ""


def find(start: Path | None = None) -> Workspace:
    """Return the workspace named by KATA_WORKSPACE, or the one around or in `start`.

    None found is a `KataError`.
    """
    if named := os.environ.get(VARIABLE):
        root = Path(named).expanduser().resolve()
        if not (root / MARKER).is_dir():
            raise KataError(
                f"{VARIABLE} names {root}, and that is not a workspace.",
                f"`kata start {root}` makes it one, or unset {VARIABLE}.",
            )
        return Workspace(root)
    try:
        here = (start or Path.cwd()).resolve()
    except FileNotFoundError:
        raise KataError(
            "The folder you are in no longer exists.", "Go to another one: `cd ~`."
        ) from None
    for folder in [here, *here.parents, here / DEFAULT]:
        if (folder / MARKER).is_dir():
            return Workspace(folder)
    raise KataError(
        f"{here} is not in a workspace.",
        "`kata start` makes one; then open the notebook inside it, not the copy in "
        "lessons/ or solutions/.",
    )


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
