"""What nothing refers to, and what a project therefore does without.

The course makes things that a later lesson supersedes, or that were there to be
practised. A project keeps what something refers to, and all that a learner added.
"""

import ast
import re
from collections.abc import Collection, Mapping

from kata.export.statements import Statement, closed, opened
from kata.source.imports import Import
from kata.source.syntax import definitions, tree_of

HARMLESS = {"asynccontextmanager", "contextmanager", "dataclass", "lru_cache"}
"""Decorators that make nothing else of a function or a class, nor tell anybody."""
ENTRY = "waybill/main.py"
"""What a server asks for by name."""
FOUND = re.compile(r"waybill/migrations/.*|tests/.*:test_\w+")
"""What Alembic and pytest find by its name."""
Files = Mapping[str, str]
Names = Mapping[str, Collection[str]]


def unused_in(files: Files) -> dict[str, set[str]]:
    """Return, by file, the names that nothing in all of these files refers to."""
    before = _names_in(files)
    after = _names_in(without_unused(files, before))
    return {path: before[path] - after[path] for path in files}


def without_unused(files: Files, may_go: Names) -> dict[str, str]:
    """Return files without what nothing refers to, among the names that may go."""
    apart = {path: opened(text, path) for path, text in files.items()}
    imports = {path: file.imports for path, (file, _) in apart.items()}
    bodies = {path: statements for path, (_, statements) in apart.items()}
    while gone := _unused(bodies, imports, may_go):
        bodies = {
            path: [one for one in statements if (path, one.name) not in gone]
            for path, statements in bodies.items()
        }
    return {path: closed(file, bodies[path]) for path, (file, _) in apart.items()}


def superseded(
    files: Files, served: str, apps: Collection[str], course: Files
) -> set[str]:
    """Return the files of an app that is served no more, and of its tests.

    One with a name in it that the course's own does not have stays, and so does what it
    needs: somebody wrote it.
    """
    ours = _names_in(course)
    gone: set[str] = set()
    for module in {app.partition(":")[0] for app in {*apps} - {served}}:
        path = f"{module.replace('.', '/')}.py"
        users = {p for p, text in files.items() if module in _imported(text)}
        mine = {path, *users}
        if (
            path in files
            and all(user.startswith("tests/") for user in users)
            and all(_names(files[one]) <= ours.get(one, set()) for one in mine)
        ):
            gone |= mine
    return gone


def _names_in(files: Files) -> dict[str, set[str]]:
    return {path: _names(text) for path, text in files.items()}


def _names(text: str) -> set[str]:
    return {name for name, _ in definitions(tree_of(text))}


def _unused(
    bodies: Mapping[str, list[Statement]],
    imports: Mapping[str, tuple[Import, ...]],
    may_go: Names,
) -> set[tuple[str, str]]:
    """Return the file and the name of each statement that nothing refers to."""
    mentions = [
        (one, one.mentions()) for statements in bodies.values() for one in statements
    ]
    everywhere = {path: _mentioned(bodies[path]) for path in bodies}
    renamed = {
        one.name
        for path, found in imports.items()
        for one in found
        if one.alias in everywhere[path]
    }
    return {
        (path, one.name)
        for path, statements in bodies.items()
        for one in statements
        if path != ENTRY
        and not FOUND.fullmatch(f"{path}:{one.name}")
        and one.name in may_go.get(path, ())
        and one.name not in renamed
        and _is_quiet(one)
        and not any(one.name in said for other, said in mentions if other is not one)
    }


def _mentioned(statements: list[Statement]) -> set[str]:
    return {name for one in statements for name in one.mentions()}


def _is_quiet(one: Statement) -> bool:
    """Tell whether a definition does nothing but define: no route, no table."""
    decorators = getattr(one.node, "decorator_list", [])
    is_table = "__tablename__" in one.text
    return not is_table and all(ast.unparse(d) in HARMLESS for d in decorators)


def _imported(text: str) -> set[str]:
    """Return the modules that a file imports, or imports from."""
    found: set[str] = set()
    for node in ast.walk(tree_of(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            found |= {module, *(f"{module}.{alias.name}" for alias in node.names)}
    return found
