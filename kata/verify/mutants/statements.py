"""Small changes to statements and definitions: one function for each kind.

They are as those in `operators.py`; `STATEMENTS` says which nodes each one is for.
"""

import ast
import builtins
from collections.abc import Iterator
from itertools import pairwise

from kata.verify.mutants.edits import Code, Edit, brief
from kata.verify.mutants.operators import (
    METHODS,
    WIDER_TYPES,
    Operator,
    Swaps,
    swapped_sign,
)

Function = ast.FunctionDef | ast.AsyncFunctionDef

ASSIGNMENTS: Swaps = {
    "+=": ("-=", "="),
    "-=": ("+=", "="),
    "*=": ("/=", "="),
    "/=": ("*=", "="),
    "|=": ("=",),
}
UNPARSED = {"int", "float", "bool", "Decimal", "UUID", "date", "datetime"}
"""Types of a parameter that a request brings as text."""


def removal(code: Code, node: ast.stmt) -> Iterator[Edit]:
    """A statement is removed."""
    match node:
        case ast.Expr(value=ast.Constant()) | ast.Return(value=ast.expr()):
            return
        case ast.Assign() | ast.AnnAssign() if _defines_a_name(code, node):
            return
    yield code.drop_statement(node)


def _defines_a_name(code: Code, node: ast.Assign | ast.AnnAssign) -> bool:
    """Tell whether without this assignment a name would have no value at all."""
    scope = code.scope(node)
    if isinstance(scope, ast.ClassDef):
        return False
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    names = {target.id for target in targets if isinstance(target, ast.Name)}
    bound = [
        one.arg if isinstance(one, ast.arg) else one.id
        for one in ast.walk(scope)
        if isinstance(one, ast.arg)
        or (isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store))
    ]
    return any(bound.count(name) == 1 for name in names)


def assignment(code: Code, node: ast.AugAssign) -> Iterator[Edit]:
    """`a += b` becomes `a -= b` or `a = b`."""
    yield from swapped_sign(code, node.target, node.value, ASSIGNMENTS, node)


def condition(code: Code, node: ast.If | ast.While) -> Iterator[Edit]:
    """A condition without an operator of its own is negated."""
    if not isinstance(node.test, ast.Compare | ast.BoolOp | ast.UnaryOp):
        yield code.replace(node.test, f"not {code.operand(node.test)}")


def result(code: Code, node: ast.Return) -> Iterator[Edit]:
    """A function returns None."""
    if node.value and code.text(node.value) != "None":
        yield code.replace(node.value, "None")


def context(code: Code, node: ast.With | ast.AsyncWith) -> Iterator[Edit]:
    """A lock is not held, a transaction not ended, a client not closed."""
    if len(node.items) == 1:
        held, name = node.items[0].context_expr, node.items[0].optional_vars
        span = code.span(node)[0], code.bytes.index(b":", code.span(name or held)[1])
        # A block of one round keeps the lines below where they are.
        once = f"for {code.text(name)} in [{code.text(held)}]" if name else "if True"
        yield Edit(span, once, f"never leaves {brief(code.cut(*span))}")


def handler(code: Code, node: ast.ExceptHandler) -> Iterator[Edit]:
    """A handler catches everything, or nothing."""
    if node.type:
        yield code.replace(node.type, "Exception")
        yield code.replace(node.type, "()")


def raised(code: Code, node: ast.Raise) -> Iterator[Edit]:
    """Another type of exception is raised."""
    kind = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
    if isinstance(kind, ast.Name) and hasattr(builtins, kind.id):
        yield code.replace(kind, "RuntimeError")


def decorators(code: Code, node: Function | ast.ClassDef) -> Iterator[Edit]:
    """A function or a class loses a decorator."""
    listed = [(one, code.span(one)[0]) for one in node.decorator_list]
    starts = [code.bytes.rindex(b"@", 0, start) for _, start in listed]
    spans = pairwise([*starts, code.span(node)[0]])
    for one, span in zip(node.decorator_list, spans, strict=True):
        yield Edit(span, "", f"removed the decorator {brief('@' + code.text(one))}")


def bases(code: Code, node: ast.ClassDef) -> Iterator[Edit]:
    """A class loses a base class or a keyword."""
    spans = [*map(code.span, node.bases), *map(code.span, node.keywords)]
    for which in range(len(spans)):
        is_base = which < len(node.bases)
        yield code.drop(spans, which, "base class" if is_base else "argument")


def defaults(code: Code, node: ast.arguments) -> Iterator[Edit]:
    """A parameter loses its default."""
    positional = [*node.posonlyargs, *node.args]
    pairs = [
        *zip(reversed(positional), reversed(node.defaults), strict=False),
        *zip(node.kwonlyargs, node.kw_defaults, strict=True),
    ]
    for parameter, default in pairs:
        if default:
            span = code.span(parameter)[1], code.span(default)[1]
            yield Edit(span, "", f"removed the default of `{parameter.arg}`")


def field_value(code: Code, node: ast.AnnAssign) -> Iterator[Edit]:
    """A declared field loses its default, or what `Field(…)` adds."""
    if node.value and _is_field(code, node):
        span = code.span(node.annotation)[1], code.span(node.value)[1]
        yield Edit(span, "", f"removed the value {brief(code.text(node.value))}")


def field_type(code: Code, node: ast.AnnAssign) -> Iterator[Edit]:
    """A declared field lets in None, any object, or more kinds of number."""
    declared, span = code.text(node.annotation), code.span(node.annotation)
    shown = code.span(node.target, node.annotation)
    if _is_field(code, node) and "ClassVar" not in declared:
        if "None" not in declared:
            yield code.replace_span(span, f"{declared} | None", shown)
        for wider in ("object", WIDER_TYPES.get(declared, "object")):
            yield code.replace_span(span, wider, shown)


def _is_field(code: Code, node: ast.AnnAssign) -> bool:
    return isinstance(code.parents[node], ast.ClassDef)


def path_operation(code: Code, node: Function) -> Iterator[Edit]:
    """A parameter is not parsed, or the response is not shaped by a model."""
    if not any(_is_route(one) for one in node.decorator_list):
        return
    for parameter in (*node.args.args, *node.args.kwonlyargs):
        if parameter.annotation and code.text(parameter.annotation) in UNPARSED:
            yield code.replace(parameter.annotation, "str")
    if node.returns and _has_model(node.returns):
        start = code.bytes.rindex(b"->", 0, code.span(node.returns)[0])
        what = f"removed the return type {brief(code.text(node.returns))}"
        yield Edit((start, code.span(node.returns)[1]), "", what)


def _is_route(node: ast.expr) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(attr=name)):
            return name in METHODS
    return False


def _has_model(annotation: ast.expr) -> bool:
    names = [one.id for one in ast.walk(annotation) if isinstance(one, ast.Name)]
    return any(name[0].isupper() and not name.endswith("Response") for name in names)


STATEMENTS: dict[type[ast.AST], tuple[Operator, ...]] = {
    ast.Expr: (removal,),
    ast.Assign: (removal,),
    ast.AugAssign: (removal, assignment),
    ast.AnnAssign: (removal, field_value, field_type),
    ast.Return: (removal, result),
    ast.Raise: (removal, raised),
    ast.Assert: (removal,),
    ast.Delete: (removal,),
    ast.Break: (removal,),
    ast.Continue: (removal,),
    ast.If: (condition,),
    ast.While: (condition,),
    ast.With: (context,),
    ast.AsyncWith: (context,),
    ast.ExceptHandler: (handler,),
    ast.FunctionDef: (decorators, path_operation),
    ast.AsyncFunctionDef: (decorators, path_operation),
    ast.ClassDef: (decorators, bases),
    ast.arguments: (defaults,),
}
