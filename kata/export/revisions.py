"""Revisions for tables of lessons that write none themselves.

Lessons that come after migrations were here before them. In a workspace, development
makes their tables at the start; a project of one's own has a revision for each.
"""

import ast
import re
from collections.abc import Collection, Mapping

from kata.export.project import text_of
from kata.source.syntax import tree_of

VERSIONS = "waybill/migrations/versions"
STEP = "migrations.open_database"
"""The kata from which on production runs on revisions alone."""
LATER = {"passwords.credential": "credentials", "refresh.tables": "families"}
"""What a kata has a table for, and what the table and its revision are called."""
BEFORE = re.compile(r"^down_revision = .*$", re.MULTILINE)


def revisions(there: Collection[str], files: Mapping[str, str]) -> dict[str, str]:
    """Return the revisions that these files lack, each after the one before it."""
    texts = [text for path, text in files.items() if path.startswith(f"{VERSIONS}/")]
    newest = _newest(texts)
    found: dict[str, str] = {}
    if STEP not in there or not newest:
        return found
    for kata, table in LATER.items():
        if kata in there and not any(f'"{table}"' in text for text in texts):
            path = f"{VERSIONS}/{table}.py"
            found[path] = BEFORE.sub(f'down_revision = "{newest}"', text_of(path))
            newest = table
    return found


def _newest(texts: Collection[str]) -> str:
    """Return the revision that no other one comes after, or nothing."""
    names = [_assigned(text) for text in texts]
    before = {one.get("down_revision") for one in names}
    heads = [one["revision"] for one in names if one.get("revision") not in before]
    return str(heads[0]) if len(heads) == 1 and heads[0] else ""


def _assigned(text: str) -> dict[str, object]:
    """Return the constants that a file gives names to."""
    found: dict[str, object] = {"revision": None}
    for node in tree_of(text).body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=it)):
                found[name] = it
    return found
