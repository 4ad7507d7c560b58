"""The service as a person would have written it, without what a course needs.

The course's marks, its lists and its superseded parts go; what a learner wrote stays.
"""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import replace

from kata.export.lists import resolved, routers_last
from kata.export.production import FACTORY, READINESS, Addition, additions, name_public
from kata.export.statements import without_marks
from kata.export.unused import superseded, unused_in, without_unused
from kata.loop.loop import Loop
from kata.source.file import parse_file
from kata.source.plain_text import is_python
from kata.source.syntax import tree_of
from kata.workspace.workspace import APPS

PACKAGE, TESTS = "waybill", "tests"
Files = Mapping[str, str]


def is_test(path: str) -> bool:
    """Tell whether a file belongs to the tests."""
    return path.startswith(f"{TESTS}/")


def plain(loop: Loop, sources: Files) -> dict[str, str]:
    """Return the files of a workspace as those of a project of one's own."""
    served = loop.workspace.app
    ours = loop.course.reference(loop.course.curriculum.katas)
    reference = {path: text for path, text in ours.items() if is_python(path)}
    gone: set[str] = set()
    if served == APPS[0]:
        gone = superseded(sources, served, APPS, reference)
    added = additions(sources) if served == APPS[0] else ()
    files = _explicit({p: t for p, t in sources.items() if p not in gone}, added)
    files |= {one.path: one.text for one in added}
    if served != APPS[0]:  # what is unused may be waiting for the app
        return files
    whole = _explicit({p: t for p, t in reference.items() if p not in gone}, ())
    unused = unused_in(whole)  # what tests share, the tests of slices may use
    return without_unused(files, {p: unused[p] for p in unused if not is_test(p)})


def _explicit(sources: Files, added: Sequence[Addition]) -> dict[str, str]:
    """Return files without marks, in which lists are resolved."""
    files = {path: without_marks(text) for path, text in sources.items()}
    if added:
        factory = parse_file(files[FACTORY], FACTORY)
        imports = (*factory.imports, *(one.needed_import for one in added))
        files[FACTORY] = replace(factory, imports=imports).render()
    more = {"extensions": [one.function for one in added]}
    out = {}
    for path, text in files.items():
        if is_test(path):
            out[path] = name_public(text) if READINESS in added else text
            continue
        others = [other for name, other in files.items() if name != path]
        module = path.removesuffix(".py").replace("/", ".")
        kept = {name for other in others for name in _taken_from(module, other)}
        new = resolved(text, path, more if path == FACTORY else None, kept)
        out[path] = routers_last(new, path)
    return out


def _taken_from(module: str, text: str) -> set[str]:
    """Return the names that a file takes from a module."""
    last = module.rpartition(".")[2]
    found: set[str] = set()
    for node in ast.walk(tree_of(text)):
        if isinstance(node, ast.ImportFrom) and node.module == module:
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found |= {node.attr} if node.value.id == last else set()
    return found
