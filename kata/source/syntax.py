"""Questions to Python code that its syntax tree answers."""

import ast
import re
import threading
import warnings
from collections.abc import Iterable, Iterator
from functools import lru_cache

UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)
"""What Python raises for a text that it can't read as a program."""
WORD = re.compile(r"\w+")
KEPT = 1024
"""Answers that are remembered. A region is asked about whenever its file is written."""


ONE_AT_A_TIME = threading.Lock()
"""Python 3.11 miscounts how deep a tree is when two threads parse at once; see
https://github.com/python/cpython/issues/106905."""


def tree_of(text: str) -> ast.Module:
    """Parse a text, in any thread."""
    with ONE_AT_A_TIME:
        return ast.parse(text)


def parsed(text: str) -> ast.Module:
    """Return the tree of a text; what Python has against it is one of `UNREADABLE`."""
    with ONE_AT_A_TIME, warnings.catch_warnings():
        # Said when the code runs; here it would be said on every look at the code.
        warnings.simplefilter("ignore")
        tree = ast.parse(text)
        # Finds what has a tree and is no program all the same: a `return` on its own.
        compile(tree, "<code>", "exec", dont_inherit=True)
    return tree


def rows_of(node: ast.stmt | ast.expr) -> range:
    """Return the lines that a node stands on, counted from 1."""
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


def alone(node: ast.stmt, tree: ast.Module) -> bool:
    """Tell whether no other top-level statement shares a line with this one."""
    rows = rows_of(node)
    return not any(
        other is not node and (other.lineno in rows or rows_of(other)[-1] in rows)
        for other in tree.body
    )


def definitions(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield each name that a module defines, with its line; imports are none."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, node.lineno
        elif isinstance(node, ast.stmt | ast.excepthandler | ast.match_case):
            for target in _targets(node):
                yield from ((name.id, name.lineno) for name in _names_in(target))
            yield from definitions(node)


@lru_cache(KEPT)
def uses(text: str) -> frozenset[str]:
    """Return the names that a text uses; all its words where it does not parse."""
    try:
        tree = parsed(text)
    except UNREADABLE:
        return frozenset(WORD.findall(text))
    return frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))


def open_strings(tree: ast.Module) -> set[int]:
    """Return the lines whose end lies in a string, where trailing spaces count."""
    return {
        row
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant | ast.JoinedStr)
        for row in rows_of(node)[:-1]
    }


def gap_before(text: str) -> str:
    """Return what stands between a docstring or an import block and a text."""
    return "\n\n\n" if _begins_with_definition(text) else "\n\n"


@lru_cache(KEPT)
def _begins_with_definition(text: str) -> bool:
    try:
        body = parsed(text).body
    except UNREADABLE:
        return True
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return isinstance(next(iter(body), None), kinds)


def _targets(node: ast.AST) -> Iterable[ast.expr]:
    if isinstance(node, ast.Assign):
        return node.targets
    if isinstance(node, ast.AnnAssign) and node.value:
        return [node.target]
    if type(node).__name__ == "TypeAlias":  # new in Python 3.12
        return [getattr(node, "name")]  # noqa: B009 - mypy may check for 3.11
    return []


def _names_in(target: ast.expr) -> Iterator[ast.Name]:
    # `box.size = 1` and `box[0] = 1` change a box; they define no `box`.
    for node in ast.walk(target):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node
