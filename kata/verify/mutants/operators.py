"""Small changes inside an expression: one function for each kind.

Each takes a node of the syntax tree and yields edits. `EXPRESSIONS` says which nodes it
is for; another operator is another function and another row there.
"""

import ast
import builtins
import json
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from kata.verify.mutants.edits import Code, Edit, Node
from kata.verify.mutants.patterns import changed_patterns

Operator = Callable[[Code, Any], Iterator[Edit]]
Swaps = dict[str, tuple[str, ...]]

SIGN = re.compile(rb"is\s+not\b|not\s+in\b|[^\s()\\]+")
COMPARISONS: Swaps = {
    "<": ("<=", ">="),
    "<=": ("<", ">"),
    ">": (">=", "<="),
    ">=": (">", "<"),
    "==": ("!=",),
    "!=": ("==",),
    "in": ("not in",),
    "not in": ("in",),
    "is": ("is not",),
    "is not": ("is",),
}
CONNECTORS: Swaps = {"and": ("or",), "or": ("and",)}
ARITHMETIC: Swaps = {
    "+": ("-",),
    "-": ("+",),
    "*": ("/",),
    "/": ("*",),
    "//": ("/",),
    "%": ("//",),
    "**": ("*",),
}
STATUS_CODES = {201: 200, 204: 200, 400: 422, 401: 403, 403: 404, 404: 400, 422: 400}
STATUS_NAME = re.compile(r"HTTP_(\d{3})_\w+")
METHODS: Swaps = {
    "get": ("post",),
    "post": ("put",),
    "put": ("patch",),
    "patch": ("put",),
    "delete": ("post",),
}
SETTINGS: Swaps = {
    "after": ("before",),
    "before": ("after",),
    "forbid": ("ignore", "allow"),
    "ignore": ("forbid", "allow"),
    "allow": ("forbid", "ignore"),
}
"""Words of which a misspelt one would crash at once: the others that are allowed."""
WIDER_TYPES = {"int": "float", "Decimal": "float"}
WRAPPERS = {"str", "int", "bool", "list", "set", "tuple", "sorted", "abs", "round"}


def swapped_sign(
    code: Code, left: Node, right: Node, swaps: Swaps, shown: Node
) -> Iterator[Edit]:
    """Put another operator between two nodes."""
    gap = code.span(left)[1], code.span(right)[0]
    if sign := SIGN.search(code.bytes, *gap):
        for other in swaps.get(" ".join(sign[0].decode().split()), ()):
            yield code.replace_span(sign.span(), other, code.span(shown))


def comparison(code: Code, node: ast.Compare) -> Iterator[Edit]:
    """`a <= b` becomes `a < b` or `a > b`."""
    for left, right in pairwise([node.left, *node.comparators]):
        yield from swapped_sign(code, left, right, COMPARISONS, node)


def connector(code: Code, node: ast.BoolOp) -> Iterator[Edit]:
    """`a and b` becomes `a or b`, `a`, or `b`."""
    for left, right in pairwise(node.values):
        yield from swapped_sign(code, left, right, CONNECTORS, node)
    sign = " and " if isinstance(node.op, ast.And) else " or "
    for gone in node.values:
        rest = (code.operand(value) for value in node.values if value is not gone)
        yield code.replace(node, sign.join(rest))


def arithmetic(code: Code, node: ast.BinOp) -> Iterator[Edit]:
    """`a + b` becomes `a - b`; of a union `A | B` one side remains."""
    yield from swapped_sign(code, node.left, node.right, ARITHMETIC, node)
    if isinstance(node.op, ast.BitOr):
        for side in (node.left, node.right):
            if code.text(side) != "None":
                yield code.replace(node, code.operand(side))


def negation(code: Code, node: ast.UnaryOp) -> Iterator[Edit]:
    """`not a` becomes `a`, and `-a` becomes `a`."""
    yield code.replace(node, code.operand(node.operand))


def choice(code: Code, node: ast.IfExp) -> Iterator[Edit]:
    """`a if x else b` becomes `a` or `b`."""
    yield code.replace(node, code.operand(node.body))
    yield code.replace(node, code.operand(node.orelse))


def filtering(code: Code, node: ast.comprehension) -> Iterator[Edit]:
    """A comprehension filters nothing."""
    for test in node.ifs:
        yield code.replace(test, "True")


def constant(code: Code, node: ast.Constant) -> Iterator[Edit]:
    """A number changes by one, a text loses something, True becomes False."""
    match node.value:
        case bool(value):
            yield code.replace(node, str(not value))
        case int(value):
            underscores = "_" if "_" in code.text(node) else ""
            for other in (value - 1, value + 1, STATUS_CODES.get(value, value)):
                yield code.replace(node, f"{other:{underscores}}")
        case float(value):
            yield code.replace(node, repr(value - 1))
            yield code.replace(node, repr(value + 1))
        case str(value) if value and not _is_wording(code, node):
            for text in _changed_texts(code, node, value):
                yield code.replace(node, text)


def _changed_texts(code: Code, node: ast.Constant, value: str) -> Iterator[str]:
    name = getattr(code.parents[node], "arg", "")
    raw = code.text(node).startswith(("r", "R"))
    if raw or name in {"pattern", "regex"}:
        for pattern in changed_patterns(value):
            yield f'r"{pattern}"' if '"' not in pattern else repr(pattern)
    elif value in SETTINGS:
        yield from (json.dumps(other) for other in SETTINGS[value])
    elif value.startswith("/"):
        yield json.dumps(f"{value}/", ensure_ascii=False)
    elif " " in value:
        yield '""'
    else:
        # One character less deceives a check that looks for any text at all.
        yield json.dumps(value[:-1], ensure_ascii=False)


def formatted(code: Code, node: ast.JoinedStr) -> Iterator[Edit]:
    """An f-string becomes empty."""
    if not _is_wording(code, node):
        yield code.replace(node, '""')


def _is_wording(code: Code, node: ast.expr) -> bool:
    """Tell whether a text is what a built-in exception says to people."""
    above: ast.AST = node
    while isinstance(above, ast.expr | ast.keyword):
        above = code.parents[above]
    match above:
        case ast.Raise(exc=ast.Call(func=ast.Name(id=name))):
            return hasattr(builtins, name)
        case ast.Assert(msg=ast.expr() as message):
            return code.span(node)[0] >= code.span(message)[0]
    return False


def status_name(code: Code, node: ast.Attribute) -> Iterator[Edit]:
    """`status.HTTP_201_CREATED` becomes 200."""
    if match := STATUS_NAME.fullmatch(node.attr):
        yield code.replace(node, str(STATUS_CODES.get(int(match[1]), 200)))


def method(code: Code, node: ast.Call) -> Iterator[Edit]:
    """`app.get("/…")` becomes `app.post("/…")`, whether it declares or sends."""
    if isinstance(node.func, ast.Attribute) and node.args and _is_path(node.args[0]):
        name, shown = node.func.attr, code.span(node.func)
        end = shown[1]
        for other in METHODS.get(name, ()):
            yield code.replace_span((end - len(name), end), other, shown)


def _is_path(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=str(text)):
            return text.startswith("/")
        case ast.JoinedStr(values=[ast.Constant(value=str(text)), *_]):
            return text.startswith("/")
    return False


def call(code: Code, node: ast.Call) -> Iterator[Edit]:
    """`text.strip()` becomes `text`, and `sorted(names)` becomes `names`."""
    if node.keywords or isinstance(code.parents[node], ast.Await | ast.Expr):
        return
    match node:
        case ast.Call(func=ast.Attribute(value=receiver), args=[]):
            yield code.replace(node, code.operand(receiver))
        case ast.Call(func=ast.Name(id=name), args=[argument]) if name in WRAPPERS:
            yield code.replace(node, code.operand(argument))


def arguments(code: Code, node: ast.Call) -> Iterator[Edit]:
    """A call loses a keyword argument."""
    spans = sorted([*map(code.span, node.args), *map(code.span, node.keywords)])
    for keyword in node.keywords:
        which = spans.index(code.span(keyword))
        yield code.drop(spans, which, "argument")


def items(code: Code, node: ast.List | ast.Set | ast.Tuple) -> Iterator[Edit]:
    """A list, a set or a tuple that is written out loses an item."""
    above = code.parents[node]
    if isinstance(above, ast.Subscript) and not _is_named(above.value, "Literal"):
        return
    if isinstance(getattr(node, "ctx", None), ast.Store):
        return
    spans = [code.span(item) for item in node.elts]
    for which in range(len(spans)):
        yield code.drop(spans, which, "item")


def entries(code: Code, node: ast.Dict) -> Iterator[Edit]:
    """A dictionary that is written out loses an entry."""
    pairs = [(key, one) for key, one in zip(node.keys, node.values, strict=True) if key]
    if len(pairs) < len(node.keys):
        return  # of `**more` the tree does not say where it begins
    spans = [code.span(key, one) for key, one in pairs]
    for which in range(len(spans)):
        yield code.drop(spans, which, "entry")


def annotated(code: Code, node: ast.Subscript) -> Iterator[Edit]:
    """`Annotated[int, …]` becomes `int`, or wider, or loses what it adds to it."""
    if _is_named(node.value, "Annotated") and isinstance(node.slice, ast.Tuple):
        kept, *added = [code.span(one) for one in node.slice.elts]
        declared = code.cut(*kept)
        yield code.replace(node, declared)
        if declared in WIDER_TYPES:
            yield code.replace_span(kept, WIDER_TYPES[declared], code.span(node))
        for which in range(len(added)) if len(added) > 1 else ():
            yield code.drop(added, which, "item")


def _is_named(node: ast.expr, name: str) -> bool:
    return name in {getattr(node, "id", ""), getattr(node, "attr", "")}


def waiting(code: Code, node: ast.Await) -> Iterator[Edit]:
    """An `await` is forgotten."""
    yield code.replace(node, code.operand(node.value))


EXPRESSIONS: dict[type[ast.AST], tuple[Operator, ...]] = {
    ast.Compare: (comparison,),
    ast.BoolOp: (connector,),
    ast.BinOp: (arithmetic,),
    ast.UnaryOp: (negation,),
    ast.IfExp: (choice,),
    ast.comprehension: (filtering,),
    ast.Constant: (constant,),
    ast.JoinedStr: (formatted,),
    ast.Attribute: (status_name,),
    ast.Call: (method, call, arguments),
    ast.List: (items,),
    ast.Set: (items,),
    ast.Tuple: (items,),
    ast.Dict: (entries,),
    ast.Subscript: (annotated,),
    ast.Await: (waiting,),
}
