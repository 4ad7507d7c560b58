"""Tests of each slice of the service: those whose slice is there.

They are files in `project/tests/slices/`. A line `# needs: requests.rate` says that
what stands below it needs answers to these katas, or these files of the service.
"""

import re
from collections.abc import Collection

from kata.export.project import names_below, text_of
from kata.export.statements import closed, opened, statements_of

FOLDER = "tests/slices"
SHARED = f"{FOLDER}/conftest.py"
NEED = re.compile(r"\b\w+[./][\w.]+")
NEEDS = re.compile(r"((?:# needs: [\w./ ]+\n)+)")


def slices(there: Collection[str]) -> dict[str, str]:
    """Return the tests of these katas and files, by path; nothing if there are none."""
    found = {
        f"{FOLDER}/{name}": _written(f"{FOLDER}/{name}", there)
        for name in names_below(FOLDER)
    }
    tests = {path: text for path, text in found.items() if "def test_" in text}
    return {SHARED: found[SHARED]} | tests if tests else {}


def _written(path: str, there: Collection[str]) -> str:
    """Return a file with the parts whose needs are met, and what those use."""
    head, *parts = NEEDS.split(text_of(path))
    kept = [
        one
        for needs, body in zip(parts[::2], parts[1::2], strict=True)
        if all(need in there for need in NEED.findall(needs))
        for one in statements_of(body)
    ]
    top = opened(head, path)[1]
    wanted = {name for one in kept for name in one.mentions()}
    for one in reversed(top):
        if one.name in wanted:
            wanted |= one.mentions()
            kept.insert(0, one)
    file, _ = opened(head + "".join(parts[1::2]), path)
    return closed(file, kept)
