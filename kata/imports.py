"""Import statements: taken out of code, compared, merged into one sorted block."""

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field

import isort

from kata.errors import KataError


@dataclass(frozen=True)
class Import:
    """One name that an import statement binds."""

    module: str
    name: str | None = None
    alias: str | None = None
    comment: str = field(default="", compare=False)

    @property
    def binds(self) -> str:
        """The name the file gets: `a` of `import a.b`, `c` of `import b as c`."""
        return self.alias or self.name or self.module.partition(".")[0]

    def __str__(self) -> str:
        alias = f" as {self.alias}" if self.alias else ""
        if self.name is None:
            return f"import {self.module}{alias}"
        return f"from {self.module} import {self.name}{alias}"


def imports_in(source: str, tree: ast.Module) -> dict[Import, ast.stmt]:
    """Return the top-level imports that stand on lines of their own."""
    lines = source.splitlines()
    found: dict[Import, ast.stmt] = {}
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom) and _alone(node, tree):
            comment = _comment_after(node, lines)
            for one in _names_of(node, comment):
                found[one] = node
    return found


def block(imports: Iterable[Import]) -> str:
    """Return the imports as one block, sorted the way ruff and isort sort it."""
    text = "\n".join(f"{one}  {one.comment}".rstrip() for one in imports)
    return isort.code(text, profile="black", known_first_party=["waybill"]).strip()


def refuse_clashes(
    mine: Iterable[Import], others: Iterable[Import], file: str, kata: str
) -> None:
    """Refuse imports that would give one name two meanings in the same file."""
    bound = {other.binds: other for other in others if other.name != "*"}
    for one in mine:
        other = bound.get(one.binds)
        if other and other != one and _differ(one, other):
            raise KataError(
                f"{file} already says `{other}`, and this cell says `{one}`: "
                f"`{one.binds}` can mean only one of them.",
                f"Import it in {kata} as {file} does, or give yours another name "
                f"with `as`.",
            )


def _differ(one: Import, other: Import) -> bool:
    # `import a.b` and `import a.c` both bind `a`, and mean the same `a`.
    plain = one.name is None is other.name and not (one.alias or other.alias)
    return not plain


def _alone(node: ast.stmt, tree: ast.Module) -> bool:
    rows = range(node.lineno, (node.end_lineno or node.lineno) + 1)
    return not any(
        other is not node
        and (other.lineno in rows or (other.end_lineno or other.lineno) in rows)
        for other in tree.body
    )


def _comment_after(node: ast.stmt, lines: list[str]) -> str:
    last = lines[(node.end_lineno or node.lineno) - 1].encode()
    rest = last[node.end_col_offset :].decode().strip()
    return rest if rest.startswith("#") else ""


def _names_of(node: ast.Import | ast.ImportFrom, comment: str) -> Iterable[Import]:
    for alias in node.names:
        if isinstance(node, ast.Import):
            yield Import(alias.name, None, alias.asname, comment)
        else:
            module = "." * node.level + (node.module or "")
            yield Import(module, alias.name, alias.asname, comment)
