"""Run by compile.mjs in Pyodide: from folders of sources to packs of bytecode.

A pack is compressed as a whole, which saves a fifth against a zip. Inside: the length
of a table as four bytes, the table of paths and sizes as JSON, and all the contents.
"""

import ast
import gzip
import importlib._bootstrap_external
import importlib.util
import io
import json
import zipfile
from pathlib import Path
from typing import Any

EXTERNAL: Any = importlib._bootstrap_external
STAGE, OUT = Path("/stage"), Path("/out")
LIBRARIES, STDLIB = "/home/page/lib", "/lib/python314.zip"
SOURCES = ("anyio/__init__.py", "canary.py", "rehearsal.py")
"""Files that are read as text while they run."""
DOCUMENTED = ("sqlalchemy/", "engine/")
"""What looks at its own docstrings."""
WHERE = {"engine": "/home/page/engine", "course": "/home/page/course"}
READ = ("course",)
"""Parts that stay text: a reader sees lines of the checks."""
WITH_TEXT = (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def main() -> None:
    for folder in sorted(STAGE.iterdir()):
        files = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
        if folder.name == "stdlib":
            (OUT / "stdlib.zip").write_bytes(zipped(compiled(files, "stdlib")))
        else:
            (OUT / f"{folder.name}.pack").write_bytes(
                packed(compiled(files, folder.name))
            )


def compiled(files: dict[str, bytes], part: str) -> dict[str, bytes]:
    """Return a part with bytecode in the place of its modules."""
    if part in READ:
        return files
    made = {}
    base = STDLIB if part == "stdlib" else WHERE.get(part, LIBRARIES)
    for name, data in files.items():
        if not name.endswith(".py"):
            made[name] = data
            continue
        if name.endswith(SOURCES):
            made[name] = data
        plain = (
            not f"{part}/{name}".startswith(DOCUMENTED) and "sqlalchemy/" not in name
        )
        try:
            made[f"{name}c"] = bytecode(f"{base}/{name}", data, plain)
        except SyntaxError:  # a template, or meant for another Python
            made[name] = data
    return made


def bytecode(name: str, data: bytes, plain: bool) -> bytes:
    """Compile a module; without its docstrings, if it is plain."""
    tree = ast.parse(data, name)
    for node in ast.walk(tree) if plain else ():
        if isinstance(node, WITH_TEXT) and ast.get_docstring(node, clean=False):
            vars(vars(node.body[0])["value"])["value"] = ""
    code = compile(tree, name, "exec", dont_inherit=True)
    # Nobody looks for a newer source: there is none.
    return bytes(
        EXTERNAL._code_to_hash_pyc(code, importlib.util.source_hash(data), False)
    )


def packed(files: dict[str, bytes]) -> bytes:
    table = json.dumps([[name, len(data)] for name, data in files.items()]).encode()
    whole = len(table).to_bytes(4, "little") + table + b"".join(files.values())
    return gzip.compress(whole, compresslevel=9, mtime=0)


def zipped(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return made.getvalue()


main()
