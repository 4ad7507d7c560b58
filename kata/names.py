"""The names that a notebook gets from the service on disk."""

import importlib
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kata.curriculum import Kata
from kata.errors import KataError
from kata.source import parse_cell


@dataclass
class Names:
    """Imports the service into this process, and again whenever its files change."""

    root: Path
    _texts: dict[Path, bytes] = field(default_factory=dict)

    def of(self, katas: Iterable[Kata], sources: Mapping[str, str]) -> dict[str, Any]:
        """Return what these katas' cells import and define, as the service has it.

        `sources` holds the cell that each region was written from. All modules are
        imported afresh together, so that no two generations of a class meet.
        """
        self._forget_if_changed()
        found: dict[str, Any] = {}
        for kata in katas:
            if kata.id in sources:
                module = vars(self._import(kata.module))
                code = parse_cell(sources[kata.id])
                wanted = {one.binds for one in code.imports} | code.defines
                found |= {name: module[name] for name in wanted if name in module}
        return found

    def _import(self, module: str) -> Any:  # noqa: ANN401 - a module has any names
        root = str(self.root)
        if sys.path[:1] != [root]:
            sys.path[:] = [root, *(entry for entry in sys.path if entry != root)]
        before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
        try:
            return importlib.import_module(module)
        except Exception as error:
            raise KataError(
                f"{module} does not import in this kernel: {type(error).__name__}: "
                f"{error}",
                "Mend it; until then its names are not at hand in this notebook.",
            ) from error
        finally:
            sys.dont_write_bytecode = before

    def _forget_if_changed(self) -> None:
        texts = {
            path: path.read_bytes()
            for package in self.root.iterdir()
            if (package / "__init__.py").exists()
            for path in package.rglob("*.py")
        }
        if texts == self._texts:
            return
        self._texts = texts
        packages = tuple({path.relative_to(self.root).parts[0] for path in texts})
        for name in list(sys.modules):
            if name.partition(".")[0] in packages:
                del sys.modules[name]
        importlib.invalidate_caches()
