"""Lists that files append to, resolved: what they hold is written where it is used.

`resources.append(open_database)` lets a later lesson add to what an earlier one wrote.
A project of one's own needs no such list: its lifespan names what it opens.
"""

import ast
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from kata.errors import KataError
from kata.export.statements import Statement, assigned, closed, opened, statement
from kata.export.unroll import with_items

ALWAYS = {"extensions", "resources"}
"""Lists of the course's, which may be empty so far."""
CHANGES = {"append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort"}
ITEM = re.compile(r"""[A-Za-z_][\w.]*(\([\w.=," ]*\))?""")
"""A name, or what a name makes of plain values, such as `TimeStamper(fmt=…)`."""


def resolved(
    text: str,
    path: str,
    more: Mapping[str, Sequence[str]] | None = None,
    kept: Iterable[str] = (),
) -> str:
    """Return a file whose lists are resolved; `more` says what else they hold.

    A list in `kept` is used by other files too: it stays, whole, in one place.
    """
    file, statements = opened(text, path)
    for name in _lists(statements):
        items = [*_items(name, statements, path), *(more or {}).get(name, ())]
        statements = _without(name, items, statements, stays=name in {*kept})
    return closed(file, statements)


def routers_last(text: str, path: str) -> str:
    """Return a file in which a router and what it includes stand at the end."""
    file, statements = opened(text, path)
    for one in statements:
        if not _is_router(one):
            continue
        about = [other for other in statements if one.name in other.mentions()]
        included = [other for other in about if other is not one]
        if included and all(map(_includes, included)):
            first, *others = [one, *included]
            together = [replace(first, gap=1), *(replace(o, gap=0) for o in others)]
            rest = [other for other in statements if other not in [one, *included]]
            statements = [*rest, *together]
    return closed(file, statements)


def _lists(statements: Sequence[Statement]) -> list[str]:
    """Return the names of the lists that are filled while their file is imported."""
    found = []
    for one in statements:
        value = getattr(one.node, "value", None)
        if assigned(one.node) and isinstance(value, ast.List):
            filled = any(_fills(one.name, other) for other in statements)
            read = any(_is_read(one.name, other) for other in statements)
            if (filled or one.name in ALWAYS) and not read:
                found.append(one.name)
    return found


def _fills(name: str, one: Statement) -> bool:
    """Tell whether a statement changes a list while its file is imported."""
    if one.is_definition or one.name == name:
        return False
    for node in ast.walk(one.node):
        match node:
            case ast.Call(ast.Attribute(ast.Name(found), attr=how)):
                changed = how in CHANGES
            case ast.AugAssign(ast.Name(found)):
                changed = True
            case _:
                continue
        if changed and found == name:
            return True
    return False


def _is_read(name: str, one: Statement) -> bool:
    """Tell whether a statement needs a list while its file is imported."""
    apart = one.is_definition or one.name == name or _fills(name, one)
    return not apart and name in one.mentions()


def _items(name: str, statements: Sequence[Statement], path: str) -> list[str]:
    """Return what a list holds when its file has been imported."""
    items: list[str] = []
    for one in statements:
        if one.name == name or _fills(name, one):
            try:
                _apply(one.node, items, first=one.name == name)
            except ValueError:
                raise _not_understood(name, one, path) from None
    return items


def _apply(node: ast.stmt, items: list[str], *, first: bool) -> None:
    """Do to a list what a statement does; a ValueError if that isn't understood."""
    match node:
        case (
            ast.Assign(value=ast.List() as new) | ast.AnnAssign(value=ast.List() as new)
        ):
            if not first or items:
                raise ValueError
            items += map(_item, new.elts)
        case ast.AugAssign(op=ast.Add(), value=ast.List() as new):
            items += map(_item, new.elts)
        case ast.Expr(ast.Call(ast.Attribute(attr="append"), [one], [])):
            items.append(_item(one))
        case ast.Expr(ast.Call(ast.Attribute(attr="extend"), [ast.List() as new], [])):
            items += map(_item, new.elts)
        case ast.Expr(
            ast.Call(ast.Attribute(attr="insert"), [ast.Constant(int() as at), one], [])
        ):
            items.insert(at, _item(one))
        case _:
            raise ValueError


def _item(node: ast.expr) -> str:
    text = ast.unparse(node).replace("'", '"')
    if not ITEM.fullmatch(text):
        raise ValueError
    return text


def _not_understood(name: str, one: Statement, path: str) -> KataError:
    line = next(line for line in one.text.splitlines() if name in line)
    return KataError(
        f"{path}: what `{line}` does can't be written out in a project of its own.",
        f"Write `{name}.append(…)` with the name of a function, then export again.",
    )


def _without(
    name: str, items: Sequence[str], statements: Sequence[Statement], *, stays: bool
) -> list[Statement]:
    """Return statements with the list's items where it was used."""
    users = [one for one in statements if one.is_definition and name in one.mentions()]
    plain = {id(one): with_items(one.text, name, items) for one in users}
    whole = stays or None in plain.values()
    defined = next(one for one in statements if one.name == name)
    gone = [one for one in statements if _fills(name, one)]
    moved = not _used_early(users, statements)
    rest: list[Statement] = []
    last: list[Statement] = []
    for one in statements:
        if whole and one is (gone or [defined])[-1]:
            rest.append(replace(_literal(defined, items), gap=1))
        if one in users:
            new = plain[id(one)]
            resolved = one if whole or new is None else statement(new, 2)
            (last if moved else rest).append(resolved)
        elif one is not defined and one not in gone:
            rest.append(one)
    return [*rest, *last]


def _used_early(users: Sequence[Statement], statements: Sequence[Statement]) -> bool:
    """Tell whether something needs these functions while their file is imported."""
    names = {one.name for one in users}
    others = [one for one in statements if not one.is_definition]
    return any(names & one.mentions() for one in others)


def _literal(defined: Statement, items: Sequence[str]) -> Statement:
    """Return the definition of a list with all that it holds."""
    node = statement(defined.text).node  # on lines of its own, counted from 1
    lines = defined.text.splitlines()
    head = lines[node.lineno - 1].partition(" = ")[0]
    listed = ["[", *(f"    {item}," for item in items), "]"] if items else ["[]"]
    listed[0] = f"{head} = {listed[0]}"
    lines[node.lineno - 1 : node.end_lineno] = listed
    return statement("\n".join(lines))


def _is_router(one: Statement) -> bool:
    value = getattr(one.node, "value", None)
    return (
        bool(one.name)
        and isinstance(value, ast.Call)
        and (getattr(value.func, "id", "") == "APIRouter")
    )


def _includes(one: Statement) -> bool:
    return not one.is_definition and not one.name and "include_router" in one.mentions()
