"""Small changes that let more through, for what nobody thinks of taking away.

They are as those in `operators.py`; `ADDITIONS` says which nodes each one is for.
"""

import ast
import builtins
from collections.abc import Iterator, Sequence

from kata.verify.mutants.edits import Code, Edit, brief
from kata.verify.mutants.operators import Operator

Function = ast.FunctionDef | ast.AsyncFunctionDef

GIVEN_BY_FASTAPI = {"Request", "Response", "WebSocket", "BackgroundTasks"}
CONNECTIONS = {"Request", "HTTPConnection", "WebSocket"}
COUNTING = {"hit", "get", "setdefault", "pop", "incr", "add"}
"""Methods whose first argument may be a key that something is kept under."""
LIMITS = {"min", "max"}


def field_default(code: Code, node: ast.AnnAssign) -> Iterator[Edit]:
    """A required field of a model gets a default."""
    if not _is_model(code.parents[node]) or "ClassVar" in code.text(node.annotation):
        return
    match node.value:
        case None:
            yield _insertion(code, code.span(node)[1], " = None", node)
        case ast.Call(func=ast.Name(id="Field"), args=[], keywords=keywords):
            if not {"default", "default_factory"} & {one.arg for one in keywords}:
                place = code.span(node.value.func)[1] + 1
                text = "None, " if keywords else "None"
                yield _insertion(code, place, text, node)


def _is_model(node: ast.AST) -> bool:
    match node:
        case ast.ClassDef(bases=[_, *_] as bases, decorator_list=decorators):
            names = {getattr(base, "id", "") for base in bases}
            return not decorators and not names & {"Protocol", "TypedDict", "Base"}
    return False


def parameter_default(code: Code, node: Function) -> Iterator[Edit]:
    """A parameter that a request must bring gets a default."""
    positional = [*node.args.posonlyargs, *node.args.args]
    required = positional[: len(positional) - len(node.args.defaults)]
    for which, one in enumerate(required):
        if not _is_brought(code, node, one):
            continue
        rest = required[which + 1 :]
        if not rest:
            yield _insertion(code, code.span(one)[1], " = None", one)
        elif node.decorator_list:  # who calls it goes by names: order is nothing
            span = code.span(one)[0], code.span(rest[-1])[1]
            texts = [*map(code.text, rest), f"{code.text(one)} = None"]
            what = f"gave `{one.arg}` a default, `None`"
            yield Edit(span, ", ".join(texts), what)
    for one, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True):
        if not default and _is_brought(code, node, one):
            yield _insertion(code, code.span(one)[1], " = None", one)


def _is_brought(code: Code, function: Function, one: ast.arg) -> bool:
    """Tell whether a request brings this parameter, in another place than its path."""
    if one.annotation is None:
        return False
    text = code.text(one.annotation)
    if "Depends" in text or text in GIVEN_BY_FASTAPI | code.vocabulary.injected:
        return False
    routes = " ".join(map(code.text, function.decorator_list))
    if f"{{{one.arg}}}" in routes or f"{{{one.arg}:" in routes:
        return False
    return "Annotated[" in text or any(map(_is_route, function.decorator_list))


def _is_route(node: ast.expr) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(), args=[ast.Constant(value=str(path)), *_]):
            return path.startswith("/")
    return False


def one_side(code: Code, node: ast.Compare) -> Iterator[Edit]:
    """`a <= b < c` becomes `a <= b` or `b < c`."""
    parts = [node.left, *node.comparators]
    if len(parts) > 2:
        start, end = code.span(node)
        for first, last in (
            (start, code.span(parts[-2])[1]),
            (code.span(parts[1])[0], end),
        ):
            yield code.replace(node, code.cut(first, last))


def falsy(code: Code, node: ast.Compare) -> Iterator[Edit]:
    """`a is None` becomes `not a`, which is true of more than None."""
    match node:
        case ast.Compare(ops=[ast.Is()], comparators=[ast.Constant(value=None)]):
            yield code.replace(node, f"not {code.operand(node.left)}")
        case ast.Compare(ops=[ast.IsNot()], comparators=[ast.Constant(value=None)]):
            yield code.replace(node, code.operand(node.left))


def no_limit(code: Code, node: ast.Call) -> Iterator[Edit]:
    """`min(a, b)` becomes `a` or `b`."""
    match node:
        case ast.Call(func=ast.Name(id=name), args=[one, other], keywords=[]):
            if name in LIMITS:
                yield code.replace(node, code.operand(one))
                yield code.replace(node, code.operand(other))


def no_zone(code: Code, node: ast.Call) -> Iterator[Edit]:
    """`now(UTC)` becomes `now()`, and `a.astimezone(UTC)` becomes `a`."""
    match node:
        case ast.Call(func=ast.Attribute(attr="astimezone", value=moment), args=[_]):
            yield code.replace(node, code.operand(moment))
        case ast.Call(func=ast.Attribute(attr="replace", value=moment), keywords=[one]):
            if one.arg == "tzinfo":
                yield code.replace(node, code.operand(moment))
        case ast.Call(func=ast.Attribute(attr="now"), args=[zone]):
            yield code.drop([code.span(zone)], 0, "zone")
        case ast.Call(func=ast.Attribute(attr="fromtimestamp"), args=[one, zone]):
            yield code.drop([code.span(one), code.span(zone)], 1, "zone")


def sorting(code: Code, node: ast.Call) -> Iterator[Edit]:
    """`order_by(Film.title)` takes another column, or turns round, or loses one."""
    if getattr(node.func, "attr", "") != "order_by":
        return
    for which, one in enumerate(node.args):
        for column in filter(_is_column, ast.walk(one)):
            yield from _other_columns(code, column)
        if isinstance(one, ast.Attribute):
            yield code.replace(one, f"{code.text(one)}.desc()")
        if len(node.args) > 1:
            yield code.drop([*map(code.span, node.args)], which, "column")


def sorted_relationship(code: Code, node: ast.keyword) -> Iterator[Edit]:
    """`order_by="Film.title"` takes another column."""
    match node:
        case ast.keyword(arg="order_by", value=ast.Constant(value=str(text))):
            table, _, column = text.partition(".")
            for other in code.vocabulary.columns.get(table, ()):
                if other != column:
                    yield code.replace(node.value, f'"{table}.{other}"')


def _is_column(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)


def _other_columns(code: Code, node: ast.AST) -> Iterator[Edit]:
    match node:
        case ast.Attribute(value=ast.Name(id=table), attr=column):
            for other in code.vocabulary.columns.get(table, ()):
                if other != column:
                    yield code.replace(node, f"{table}.{other}")


def member(code: Code, node: ast.List | ast.Set | ast.Tuple) -> Iterator[Edit]:
    """A row of constants that belong together gets another one of its kind."""
    above = code.parents[node]
    if isinstance(getattr(node, "ctx", None), ast.Store) or not node.elts:
        return
    if isinstance(above, ast.Subscript) and getattr(above.value, "id", "") != "Literal":
        return
    texts = [*map(code.text, node.elts)]
    if other := _another(code, node.elts, texts):
        place = code.span(node.elts[-1])[1]
        what = f"added {brief(other)} to {brief(', '.join(texts))}"
        yield Edit((place, place), f", {other}", what)


def _another(code: Code, items: Sequence[ast.expr], texts: list[str]) -> str:
    values = [one.value for one in items if isinstance(one, ast.Constant)]
    for family in code.vocabulary.families:
        known = texts if {*texts} <= {*family} else values
        if len(known) == len(items) and {*known} <= {*family}:
            more = [one for one in family if one not in known]
            as_written = known is texts
            return (more[0] if as_written else f'"{more[0]}"') if more else ""
    numbers = [one for one in values if type(one) is int]
    return str(max(numbers) + 1) if len(numbers) == len(items) else ""


def wider(code: Code, node: ast.ExceptHandler) -> Iterator[Edit]:
    """A handler catches what its exception is a kind of."""
    caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
    for one in filter(None, caught):
        known = getattr(builtins, code.text(one), None)
        base = known.__base__.__name__ if known else f"{code.text(one)}.__base__"
        yield code.replace(one, base)


def longer_key(code: Code, node: Function) -> Iterator[Edit]:
    """What is kept under a key is kept under more: each path has its own, say."""
    parts = [*_parts_of_request(code, node)]
    for inner in ast.walk(node) if parts else ():
        match inner:
            case ast.Return(value=ast.JoinedStr() as key):
                place = code.span(key)[1] - 1
                for part in parts:
                    yield _insertion(code, place, f" {{{part}}}", key)
            case ast.Call(func=ast.Attribute(attr=name), args=[ast.Name() as key, *_]):
                for part in parts if name in COUNTING else ():
                    yield code.replace(key, f'f"{{{key.id}}} {{{part}}}"')


def _parts_of_request(code: Code, node: Function) -> Iterator[str]:
    """Yield what a function knows of a request that must make no difference."""
    for one in (*node.args.args, *node.args.kwonlyargs):
        if one.annotation and code.text(one.annotation) in CONNECTIONS:
            yield f"{one.arg}.url.path"
            yield f"{one.arg}.url.query"
            yield f"{one.arg}.headers.get('user-agent')"
            yield f"{one.arg}.client"
        elif one.arg == "scope":
            yield "scope['path']"
            yield "scope['query_string']"
            yield "scope['method']"


def _insertion(
    code: Code, place: int, text: str, shown: ast.expr | ast.stmt | ast.arg
) -> Edit:
    return code.replace_span((place, place), text, code.span(shown))


ADDITIONS: dict[type[ast.AST], tuple[Operator, ...]] = {
    ast.AnnAssign: (field_default,),
    ast.FunctionDef: (parameter_default, longer_key),
    ast.AsyncFunctionDef: (parameter_default, longer_key),
    ast.Compare: (one_side, falsy),
    ast.Call: (no_limit, no_zone, sorting),
    ast.keyword: (sorted_relationship,),
    ast.List: (member,),
    ast.Set: (member,),
    ast.Tuple: (member,),
    ast.ExceptHandler: (wider,),
}
