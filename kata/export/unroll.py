"""A function that goes through a list, written out for each thing in the list."""

import ast
import re
from collections.abc import Iterator, Sequence
from textwrap import dedent, indent

from kata.source.cell import lines_of
from kata.source.imports import LONGEST
from kata.source.syntax import open_strings, tree_of

Block = ast.FunctionDef | ast.AsyncFunctionDef | ast.AsyncWith
LEAVES = ast.Break | ast.Continue | ast.Return


def with_items(text: str, name: str, items: Sequence[str]) -> str | None:
    """Return a function's text with each loop over a list written out, or None.

    None says that the list is used in a way that a person wouldn't write out.
    """
    while loop := next(_loops(text, name), None):
        new = _written_out(text, loop, items)
        if new is None:
            return None
        text = new
    text = _without_stack(text)
    words = {n.id for n in ast.walk(tree_of(text)) if isinstance(n, ast.Name)}
    fits = all(len(line) <= LONGEST for line in lines_of(text))
    return text if fits and name not in words else None


def _loops(text: str, name: str) -> Iterator[ast.For]:
    for block in ast.walk(tree_of(text)):
        # Where the loop stands alone, an empty list would leave nothing.
        if isinstance(block, Block) and len(block.body) > 1:
            for node in block.body:
                if isinstance(node, ast.For) and getattr(node.iter, "id", "") == name:
                    yield node


def _written_out(text: str, loop: ast.For, items: Sequence[str]) -> str | None:
    """Return a text with a loop of one statement repeated for each item."""
    lines = lines_of(text)
    rows = slice(loop.lineno - 1, loop.end_lineno)
    leaves = any(isinstance(node, LEAVES) for node in ast.walk(loop))
    if (
        not isinstance(loop.target, ast.Name)
        or loop.orelse
        or leaves
        or len(loop.body) > 1
        or "#" in "".join(lines[rows])
        or open_strings(ast.Module([loop], []))
    ):
        return None
    segment = ast.get_source_segment(text, loop.body[0], padded=True) or ""
    body = dedent(segment)
    lines[rows] = [
        line
        for item in items
        for line in lines_of(_named(body, loop.target.id, item, loop.col_offset))
    ]
    return "\n".join(lines)


def _named(body: str, name: str, item: str, margin: int) -> str:
    """Return a statement with another word for a name, moved to a margin."""
    lines = [line.encode() for line in lines_of(body)]
    names = [
        node
        for node in ast.walk(tree_of(body))
        if isinstance(node, ast.Name) and node.id == name
    ]
    for node in sorted(names, key=lambda one: one.col_offset, reverse=True):
        line = lines[node.lineno - 1]
        new = line[: node.col_offset] + item.encode() + line[node.end_col_offset :]
        lines[node.lineno - 1] = new
    return indent("\n".join(line.decode() for line in lines), " " * margin)


def _without_stack(text: str) -> str:
    """Return a function that opens what an `AsyncExitStack` would open for it."""
    for node in ast.walk(tree_of(text)):
        if not isinstance(node, ast.AsyncWith) or len(node.items) != 1:
            continue
        (item,) = node.items
        if ast.unparse(item.context_expr) != "AsyncExitStack()":
            continue
        stack = getattr(item.optional_vars, "id", "")
        entered = [*_entered(node, stack)]
        rest = node.body[len(entered) :]
        if rest and stack not in {n.id for n in _names(rest)}:
            return _with_those(text, node, entered, rest[0])
    return text


def _entered(node: ast.AsyncWith, stack: str) -> Iterator[str]:
    """Yield what a block enters first, one line each."""
    form = re.compile(rf"await {stack}\.enter_async_context\((.+)\)")
    for one in node.body:
        if not (match := form.fullmatch(ast.unparse(one))):
            return
        yield match[1]


def _with_those(
    text: str, node: ast.AsyncWith, entered: Sequence[str], first: ast.stmt
) -> str:
    lines = lines_of(text)
    margin = " " * node.col_offset
    start, end = first.lineno - 1, node.end_lineno
    rest = lines[start:end]
    if not entered:
        rest = lines_of(indent(dedent("\n".join(rest)), margin))
        head = []
    else:
        head = [f"{margin}async with {', '.join(entered)}:"]
        if len(head[0]) > LONGEST:
            listed = [f"{margin}    {one}," for one in entered]
            head = [f"{margin}async with (", *listed, f"{margin}):"]
    return "\n".join([*lines[: node.lineno - 1], *head, *rest, *lines[end:]])


def _names(nodes: Sequence[ast.stmt]) -> Iterator[ast.Name]:
    for one in nodes:
        yield from (node for node in ast.walk(one) if isinstance(node, ast.Name))
