"""The names that a notebook gets from the service on disk."""

import importlib
import io
import sys
from collections.abc import Iterable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kata.course.curriculum import Kata
from kata.errors import KataError
from kata.runner.inprocess import no_loop
from kata.source.file import parse_cell
from kata.workspace.development import developing

Texts = Mapping[str, bytes]
"""The contents of files, by path below the workspace."""


@dataclass
class Names:
    """Imports the service into this process, and again whenever its files change.

    Only what has passed its checks in a child process is imported here: a loop without
    an end, or a call that ends Python, may stand in any file.
    """

    root: Path
    _loaded: Texts = field(default_factory=dict)
    """The files that were imported here last, as they were then."""
    _trusted: list[Texts] = field(default_factory=list)
    _problem: tuple[Texts, KataError] | None = None

    def leave(self) -> None:
        """Import nothing more from here: the folder has moved."""
        sys.path[:] = [entry for entry in sys.path if entry != str(self.root)]

    def trust(self, files: Iterable[str]) -> None:
        """Note that these files, as they are now, passed in a child process."""
        texts = self._texts()
        self._problem = None  # what was in the way may lie outside of these files
        self._trusted = [seen for seen in self._trusted if self._holds(seen, texts)]
        self._trusted.append({file: texts[file] for file in files if file in texts})

    def trusts(self, kata: Kata) -> bool:
        """Tell whether a kata's file, and what it imports, is as it was in a child."""
        return bool(self.trusted([kata]))

    def trusted(self, katas: Iterable[Kata]) -> list[Kata]:
        """Return those of these katas whose files are as they were in a child."""
        texts = self._texts()
        return [kata for kata in katas if self._closure(kata.file, texts)]

    def distrust(self, problem: KataError) -> KataError:
        """Note why the files, as they are now, can't be imported; return it."""
        self._problem = self._texts(), problem
        return problem

    def known_problem(self) -> KataError | None:
        """Return why the files can't be imported, where nothing changed since."""
        if self._problem and self._problem[0] == self._texts():
            return self._problem[1]
        return None

    def of(self, katas: Iterable[Kata], sources: Mapping[str, str]) -> dict[str, Any]:
        """Return what these katas' cells import and define, as the service has it.

        `sources` holds the cell that each region was written from. All modules are
        imported afresh together, so that no two generations of a class meet.
        """
        texts = self._texts()
        wanted = [
            kata
            for kata in katas
            if kata.id in sources and self._closure(kata.file, texts)
        ]
        needed: dict[str, bytes] = {}
        for kata in wanted:
            needed |= self._closure(kata.file, texts)
        self._forget_if_changed(needed)
        found: dict[str, Any] = {}
        for kata in wanted:
            module = vars(self._import(kata.module))
            code = parse_cell(sources[kata.id])
            names = {one.binds for one in code.imports} | code.defines
            found |= {name: module[name] for name in names if name in module}
        return found

    def _import(self, module: str) -> Any:  # noqa: ANN401 - a module has any names
        root = str(self.root)
        if sys.path[:1] != [root]:
            sys.path[:] = [root, *(entry for entry in sys.path if entry != root)]
        before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
        try:
            # What it prints was shown with the verdict.
            with (
                redirect_stdout(io.StringIO()),
                redirect_stderr(io.StringIO()),
                developing(),
                no_loop(),
            ):
                return importlib.import_module(module)
        except Exception as error:
            raise KataError(
                f"{module} does not import in this kernel: {type(error).__name__}: "
                f"{error}",
                "Fix it; until then this notebook does not have its names.",
            ) from error
        finally:
            sys.dont_write_bytecode = before

    def _closure(self, file: str, texts: Texts) -> Texts:
        """Return a trusted file and what it imports, or nothing."""
        for seen in self._trusted:
            if file in seen and self._holds(seen, texts):
                return seen
        return {}

    @staticmethod
    def _holds(seen: Texts, texts: Texts) -> bool:
        return all(texts.get(file) == text for file, text in seen.items())

    def _texts(self) -> Texts:
        return {
            path.relative_to(self.root).as_posix(): path.read_bytes()
            for package in self.root.iterdir()
            if (package / "__init__.py").exists()
            for path in package.rglob("*.py")
            if path.is_file()  # an editor's lock is a link that leads nowhere
        }

    def _forget_if_changed(self, needed: Texts) -> None:
        """Forget all modules where one that is needed is not as it is on disk.

        A file that is not needed may have changed: it is red, and what was imported of
        it before stays.
        """
        stale = any(
            self._loaded[file] != text
            if file in self._loaded
            else _module(file) in sys.modules
            for file, text in needed.items()
        )
        if stale:
            self._loaded = {}
            packages = {file.partition("/")[0] for file in needed}
            for name in list(sys.modules):
                if name.partition(".")[0] in packages:
                    del sys.modules[name]
        self._loaded = {**self._loaded, **needed}
        importlib.invalidate_caches()


def _module(file: str) -> str:
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
