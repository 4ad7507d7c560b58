"""Runs one cell by itself, as a fresh kernel would: `python -P alone.py CELL`.

It imports nothing of this package, so that what the cell gets is what the cell brings.
"""

import ast
import asyncio
import inspect
import linecache
import sys
from types import ModuleType


def main(path: str) -> None:
    """Run the cell in a file; a top-level `await` works as it does in a notebook."""
    with open(path, encoding="utf-8") as file:  # noqa: PTH123 - fewer modules loaded
        source = file.read()
    linecache.cache[path] = len(source), None, source.splitlines(keepends=True), path
    cell = ModuleType("__main__")
    sys.modules["__main__"] = cell  # where dataclasses and Pydantic look names up
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    code = compile(source, path, "exec", flags, dont_inherit=True)
    if code.co_flags & inspect.CO_COROUTINE:
        asyncio.run(_awaited(code, cell))
    else:
        exec(code, cell.__dict__)  # noqa: S102 - an example of the course's own


async def _awaited(code: object, cell: ModuleType) -> None:
    await eval(code, cell.__dict__)  # type: ignore[arg-type]  # noqa: S307


if __name__ == "__main__":
    main(sys.argv[1])
