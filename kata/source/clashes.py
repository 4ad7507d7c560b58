"""What a file can't say: one name with two meanings. Each is a `KataError`."""

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache

from kata.errors import KataError
from kata.source.imports import Import
from kata.source.syntax import KEPT, UNREADABLE, definitions, parsed


def refuse_clashing_imports(
    mine: Iterable[Import], others: Iterable[Import], file: str, kata: str
) -> None:
    """Refuse imports that would give one name two meanings in the same file."""
    bound: dict[str, Import] = {}
    for one in mine:
        first = bound.setdefault(one.binds, one)
        if _differ(first, one):
            raise KataError(
                f"This cell says both `{first}` and `{one}`: "
                f"`{one.binds}` can mean only one of them.",
                "Leave one of them out, or give one another name with `as`.",
            )
    for other in others:
        one = bound.get(other.binds, other)
        if _differ(one, other):
            raise KataError(
                f"{file} already says `{other}`, and this cell says `{one}`: "
                f"`{one.binds}` can mean only one of them.",
                f"Import it in {kata} as {file} does, or give yours another name "
                f"with `as`.",
            )


def refuse_import_and_definition(
    defines: Collection[str], imports: Iterable[Import], file: str
) -> None:
    """Refuse to define what the rest of the file imports."""
    for one in imports:
        if one.binds in defines:
            raise KataError(
                f"{file} already says `{one}`, and this cell defines `{one.binds}`: "
                "it can mean only one of them.",
                "Give yours another name.",
            )


def refuse_second_definitions(
    defines: Collection[str],
    imports: Collection[Import],
    places: Mapping[str, str],
    file: str,
) -> None:
    """Refuse to define or import what another part of the file defines.

    `places` are those parts, by kata; what stands above the first has an empty name.
    """
    for owner, text in places.items():
        where = f"by the kata {owner}" if owner else "above the first `# kata:` line"
        taken = _defined_in(text)
        for name in sorted(taken.intersection(defines)):
            raise KataError(
                f"{file} already defines `{name}`, {where}.",
                f"Give yours another name, or change the one that is there"
                f"{f' in the cell of {owner}' if owner else ''}.",
            )
        for one in imports:
            if one.binds in taken:
                raise KataError(
                    f"{file} already defines `{one.binds}`, {where}, and this cell "
                    f"says `{one}`.",
                    f"Leave that line out if you mean the same `{one.binds}`; if not, "
                    "give yours another name with `as`.",
                )


@lru_cache(KEPT)
def _defined_in(text: str) -> frozenset[str]:
    try:
        return frozenset(name for name, _ in definitions(parsed(text)))
    except UNREADABLE:
        return frozenset()


def _differ(one: Import, other: Import) -> bool:
    if one == other or one.name == "*":
        return False
    # `import a.b` and `import a.c` both bind `a`, and mean the same `a`.
    plain = one.name is None is other.name and not (one.alias or other.alias)
    return not plain
