"""The course on disk: its notebooks, its checks, and the reference they add up to."""

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

from kata.course import listing, master
from kata.course.curriculum import Curriculum, Kata, Lesson
from kata.course.master import KataCells, Notebook
from kata.errors import KataError
from kata.source.file import SourceFile, place
from kata.source.imports import Import, asked_in
from kata.source.plain_text import file_text, is_python
from kata.source.syntax import KEPT, tree_of, uses
from kata.verdict import Rule


@dataclass(frozen=True)
class Course:
    """A folder with curriculum.toml, lessons/, solutions/ and checks/."""

    root: Path
    _masters: dict[str, Notebook] = field(default_factory=dict, repr=False)

    @cached_property
    def curriculum(self) -> Curriculum:
        """What curriculum.toml lists."""
        return listing.load(self.root / "curriculum.toml")

    @property
    def suite(self) -> Path:
        """The folder with all checks, and what they share."""
        return self.root / "checks"

    def lesson_path(self, lesson: Lesson) -> Path:
        """Return where the learner's notebook of a lesson stands."""
        return self.root / "lessons" / f"{lesson.slug}.ipynb"

    def master_path(self, lesson: Lesson) -> Path:
        """Return where the master of a lesson stands."""
        return self.root / "solutions" / f"{lesson.slug}.ipynb"

    def master(self, lesson: Lesson) -> Notebook:
        """Return the master of a lesson, read once."""
        if lesson.slug not in self._masters:
            self._masters[lesson.slug] = master.read(self.master_path(lesson))
        return self._masters[lesson.slug]

    def cells(self, kata: Kata) -> KataCells:
        """Return a kata's cells; a master without them is a `KataError`."""
        lesson = self.curriculum.lesson_of(kata)
        found = self.master(lesson).katas.get(kata.id)
        if found is None or not found.solutions:
            part = "kata" if found is None else "solution of"
            raise KataError(
                f"{self.master_path(lesson).name} has no {part} `{kata.id}`.",
                f"Add its cells, or take it out of curriculum.toml ({self.root}).",
            )
        return found

    def checks_path(self, kata: Kata) -> Path:
        """Return the file with a kata's checks."""
        slug = self.curriculum.lesson_of(kata).slug
        return self.suite / slug / f"test_{kata.name}.py"

    def rules(self, kata: Kata) -> tuple[Rule, ...]:
        """Return the rules of a kata: its checks' docstrings, in order."""
        path = self.checks_path(kata)
        try:
            return _rules_in(path.read_text(encoding="utf-8"))
        except (OSError, SyntaxError, ValueError) as error:
            raise KataError(
                f"The checks of {kata.id} can't be read: {error}.",
                "Install the course again.",
            ) from None

    def katas_before(self, lesson: Lesson) -> tuple[Kata, ...]:
        """Return the katas of all earlier lessons, in order."""
        lessons = self.curriculum.lessons
        earlier = lessons[: lessons.index(lesson)]
        return tuple(kata for before in earlier for kata in before.katas)

    def reference(
        self, katas: Iterable[Kata], answers: Mapping[str, str] | None = None
    ) -> dict[str, str]:
        """Return the service that the solutions of these katas add up to.

        The keys are paths below the workspace, the values whole files. `answers` are
        cells that stand in for the solutions of some katas, by id.
        """
        instead = answers or {}
        files: dict[str, SourceFile] = {}
        known: dict[str, Iterable[Import]] = {}
        texts: dict[str, str] = {}
        for kata in katas:
            code = kata.parse(instead.get(kata.id) or self.cells(kata).reference)
            if not kata.is_python:
                texts[kata.file] = file_text(code.body)
                continue
            empty = SourceFile(self.curriculum.files.get(kata.file, ""))
            files[kata.file] = place(
                files.get(kata.file, empty),
                kata.id,
                code,
                path=kata.file,
                order=[other.id for other in self.curriculum.in_file(kata.file)],
                known=known,
                replaces=self.curriculum.replaced(kata),
            )
            known[kata.id] = code.imports
        code_files = {path: file.render() for path, file in files.items()}
        return self.packages(files) | code_files | texts

    def packages(self, files: Iterable[str]) -> dict[str, str]:
        """Return the `__init__.py` of each package that these files lie in."""
        found = {}
        for file in filter(is_python, files):
            for folder in Path(file).parents[:-1]:
                path = (folder / "__init__.py").as_posix()
                docstring = self.curriculum.files.get(path, "")
                found[path] = f'"""{docstring}"""\n' if docstring else ""
        return found

    def starting_code(self, kata: Kata) -> str:
        """Return a kata's region as it is written before somebody has changed it."""
        return kata.parse(self.cells(kata).stub).body

    def provider(self, module: str, name: str) -> Kata | None:
        """Return the kata whose solution defines a name of the service."""
        for kata in self.curriculum.katas:
            if kata.module == module:
                code = kata.parse(self.cells(kata).reference)
                if name in code.defines:
                    return kata
        return None

    def needs(self, kata: Kata) -> tuple[Kata, ...]:
        """Return the earlier katas whose names this one uses, all the way down.

        Names are what its reference asks modules of the service for, or finds in its
        file.
        """
        if not kata.is_python:
            return ()
        reference = self.cells(kata).reference
        code = kata.parse(reference)
        named = {*asked_in(reference)}
        named |= {(kata.module, name) for name in uses(code.body) - code.defines}
        order = self.curriculum.katas
        found: set[Kata] = set()
        for module, name in named:
            other = self.provider(module, name)
            if other and order.index(other) < order.index(kata):
                found |= {other, *self.needs(other)}
        return tuple(sorted(found, key=order.index))


@lru_cache(KEPT)
def _rules_in(checks: str) -> tuple[Rule, ...]:
    """Return the rules in the text of a file: parsing takes as long as a check."""
    return tuple(
        Rule(node.name, " ".join((ast.get_docstring(node) or node.name).split()))
        for node in tree_of(checks).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
    )
