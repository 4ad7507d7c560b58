"""A file of the service: taken apart, put together, and what it refuses to hold."""

import subprocess
import sys
from contextlib import suppress
from itertools import permutations
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kata.errors import KataError
from kata.source.file import (
    SourceFile,
    parse_cell,
    parse_file,
    place,
    region_starts,
    regions_in,
)

if TYPE_CHECKING:
    from kata.source.imports import Import

FILE = "waybill/some.py"
ORDER = ["a.one", "a.two", "a.three"]
RUFF = [sys.executable, "-m", "ruff"]
OURS = ["--isolated", "--config", 'lint.isort.known-first-party=["waybill"]']

IMPORTS = [
    "import json",
    "import os.path",
    "import zoneinfo as zones",
    "from __future__ import annotations",
    "from datetime import UTC, datetime",
    "from decimal import Decimal as D  # short, for once",
    "from fastapi import Depends, FastAPI, Request, status",
    "from fastapi import Query as InQuery",
    "# The fast one.\nfrom pydantic import BaseModel",
    "from pydantic import (\n    ConfigDict,  # for all of them\n    Field,\n)",
    "from waybill.other import thing",
    "from . import sibling",
    "from .another import *",
]
BODIES = [
    "LIMIT_{n} = 10",
    "type_{n}: int = 1  # beside it",
    "def work_{n}() -> int:\n    return {n}",
    "async def wait_{n}() -> None:\n    pass",
    "@decorated(\n    1,\n)\ndef dressed_{n}():\n    return 1",
    'class Thing{n}:\n    """A thing.\n\n    import os\n    # kata: a.two\n    """',
    'TEXT_{n} = """\nimport sys\n  # kata: a.one\nends with blanks:  \n"""',
    "more_{n} = 1\n\n# a thought on its own",
    "# about the next line\nname_{n} = LIMIT",
    "if True:\n    maybe_{n} = 1\nelse:\n    maybe_{n} = 2",
    "import decimal",
    'größe_{n} = "naïve"',
    'SEPARATED_{n} = "one\u2028two\x0cthree\x85"',
]


def some_cell(kata: str, chance: Random) -> str:
    """Return a cell as a tidy person writes it."""
    imports = chance.sample(IMPORTS, chance.randint(0, 4))
    imports.sort(key=lambda text: "__future__" not in text)
    bodies = chance.sample(BODIES, chance.randint(1, 4))
    number = str(ORDER.index(kata))
    parts = ["\n".join(imports), *(one.replace("{n}", number) for one in bodies)]
    return f"#| kata: {kata}\n" + "\n\n\n".join(part for part in parts if part)


def cells(kata: str) -> st.SearchStrategy[str]:
    return st.randoms(use_true_random=False).map(lambda chance: some_cell(kata, chance))


def all_cells() -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries({kata: cells(kata) for kata in ORDER})


def after(*cells: tuple[str, str], text: str = "") -> str:
    """Return the file that these cells, run in this order, make of a text."""
    known: dict[str, dict[Import, int]] = {}
    for kata, source in cells:
        code = parse_cell(source)
        file = parse_file(text, FILE) if text else SourceFile("A file.")
        placed = place(file, kata, code, path=FILE, order=ORDER, known=known)
        text, known[kata] = placed.render(), dict(code.imports)
    return text


def complaint(*cells: tuple[str, str], text: str = "") -> str:
    with pytest.raises(KataError) as caught:
        after(*cells, text=text)
    return str(caught.value)


@given(all_cells())
def test_a_file_taken_apart_and_put_together_is_the_same_text(
    cells: dict[str, str],
) -> None:
    text = after(*cells.items())
    assert parse_file(text, FILE).render() == text


@given(all_cells())
def test_the_file_is_the_same_whatever_order_the_cells_ran_in(
    cells: dict[str, str],
) -> None:
    texts = {after(*order) for order in permutations(cells.items())}
    assert len(texts) == 1
    assert [*regions_in(texts.pop())] == ORDER


@given(all_cells())
def test_running_every_cell_again_changes_nothing(cells: dict[str, str]) -> None:
    assert after(*cells.items(), *cells.items()) == after(*cells.items())


@given(all_cells(), st.sampled_from(ORDER), cells("a.one"))
def test_no_trace_stays_of_a_cell_that_was_replaced(
    cells: dict[str, str], kata: str, first: str
) -> None:
    first = first.replace("_0", "_9").replace("Thing0", "Thing9")
    assert after((kata, first), *cells.items()) == after(*cells.items())


def test_tidy_cells_make_files_that_ruff_leaves_alone(tmp_path: Path) -> None:
    chance = Random(0)  # noqa: S311 - no secret
    for number in range(100):
        cells = {kata: some_cell(kata, chance) for kata in ORDER}
        (tmp_path / f"file_{number}.py").write_text(after(*cells.items()), "utf-8")
    for command in (["check", "--select=E101,I,W"], ["format"]):
        ruff = subprocess.run(
            [*RUFF, *command, "--diff", "--no-cache", *OURS, str(tmp_path)],
            capture_output=True,
            encoding="utf-8",
        )
        assert not ruff.returncode, ruff.stdout + ruff.stderr


@given(all_cells())
def test_every_line_of_a_region_is_the_line_of_its_cell(cells: dict[str, str]) -> None:
    text = after(*cells.items())
    lines = text.split("\n")
    for kata, start in region_starts(text).items():
        code = parse_cell(cells[kata])
        of_cell = cells[kata].split("\n")
        for offset, (number, line) in enumerate(code.lines):
            assert lines[start - 1 + offset] == line == of_cell[number - 1]


@given(all_cells())
def test_every_line_of_a_cell_is_in_the_file(cells: dict[str, str]) -> None:
    text = after(*cells.items())
    for source in cells.values():
        names = {line.strip(" ,()") for line in source.split("\n")[1:]}
        for line in names - {part for part in names if "import" in part}:
            assert line in text


@settings(max_examples=300)
@given(st.text(), st.sampled_from(["", "# kata: a.two\n", '"""Doc."""\n']))
def test_any_file_can_be_taken_apart_or_is_refused(text: str, top: str) -> None:
    with suppress(KataError):
        once = parse_file(top + text, FILE).render()
        assert parse_file(once, FILE).render() == once


@pytest.mark.parametrize(
    ("cell", "body"),
    [
        ("x = 1\r\n\r\ny = 2\r\n", "x = 1\n\ny = 2"),
        ("x = 1\ry = 2", "x = 1\ny = 2"),
        ("\ufeff#| kata: a.one\nx = 1", "x = 1"),
        ("#| kata: a.one\n#| variant: with a name\nx = 1", "x = 1"),
        ("if x:\n\ty = 1", "if x:\n\ty = 1"),
        ("größe = ﬁ = 1", "größe = ﬁ = 1"),
        ("# only a comment", "# only a comment"),
        ("#| kata: a.one", ""),
        ("#| kata: a.one\n\n\n", ""),
        ("import os", ""),
        ("x = 1  \n   \n", "x = 1"),
        ('x = """a  \n\n\n\n\nb"""  ', 'x = """a  \n\n\n\n\nb"""'),
        ('x = f"""a  \n{1}"""', 'x = f"""a  \n{1}"""'),
        ('x = """\nimport os\n"""', 'x = """\nimport os\n"""'),
        ('x = "\u2028"\nimport os\ny = 1', 'x = "\u2028"\ny = 1'),
        ('x = "\x0c\x1c\x85"\nimport os\ny = 1', 'x = "\x0c\x1c\x85"\ny = 1'),
        ("import os; import sys", "import os; import sys"),
        ("import os; x = os.sep", "import os; x = os.sep"),
        ("x = 1\n#| y: z", "x = 1\n#| y: z"),
        ("if x:\n    import os", "if x:\n    import os"),
        ("x = 1\n\n\nimport os\n\n\ny = 1", "x = 1\n\n\ny = 1"),
    ],
)
def test_what_a_person_sees_of_a_cell_is_its_region(cell: str, body: str) -> None:
    assert parse_cell(cell).body == body
    text = after(("a.one", cell))
    assert regions_in(text) == {"a.one": body}
    assert parse_file(text, FILE).render() == text


HEADS = {
    "licence": "# SPDX-License-Identifier: MIT\n# Copyright: us\n\nimport os",
    "shebang": '#!/usr/bin/env python\n# A file.\n"""Doc."""\n\nimport os',
    "raw": 'r"""Not a \\d newline."""\n\nimport os',
    "escaped": '"""A \\n and a \\"\\"\\"."""\n\nimport os',
    "single": "'Doc.'\n\nimport os",
    "long": '"""Doc.\n\nMore.  \n\n\n\nEnd."""\n\nimport os',
    "beside": '"""Doc."""  # noqa: D400\n\nimport os',
    "no docstring": "import os",
    "empty docstring": '""""""\n\nimport os',
    "code": '"""Doc."""\n\nimport os\n\nHERE = os.getcwd()',
    "function": '"""Doc."""\n\nimport os\n\n\ndef here():\n    return os.getcwd()',
    "comment": '"""Doc."""\n\nimport os\n\n# Mine.',
    "comment above": '"""Doc."""\n\nimport json\n\n# Mine.\n# Really.\nimport os',
    "comment beside": "import os  # mine\nfrom sys import path  # mine, too",
    "comment inside": "from a import (\n    b,  # noqa: F401\n    c,\n)",
    "nothing but code": "X = 1",
    "no imports": '"""Doc."""\n\nX = 1',
    "shared line": '"""Doc."""\n\nimport os\n\nimport sys; X = sys.path',
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
def test_what_stands_above_the_first_region_stays_as_it_was_written(head: str) -> None:
    text = f"{head}\n\n\n# kata: a.two\ndef two(): ...\n"
    assert parse_file(text, FILE).render() == text
    longer = after(("a.one", "#| kata: a.one\ndef one(): ..."), text=text)
    assert longer == f"{head}\n\n\n# kata: a.one\ndef one(): ...{text[len(head) :]}"


def test_a_docstring_that_shares_its_line_loses_nothing() -> None:
    assert "x = 1" in parse_file('"""Doc."""; x = 1\n', FILE).render()


def test_scattered_imports_above_the_first_region_become_one_block() -> None:
    text = "import os\nX = 1\nimport json\nimport os\n\n# kata: a.one\nY = 1\n"
    assert parse_file(text, FILE).render() == (
        "import json\nimport os\n\nX = 1\n\n\n# kata: a.one\nY = 1\n"
    )


def test_a_head_that_does_not_parse_is_refused_with_its_line() -> None:
    said = complaint(("a.one", "x = 1"), text="import os\nx = (\n# kata: a.two\n")
    assert f"{FILE}, line 2" in said
    assert f"Open {FILE}" in said


def test_another_region_that_does_not_parse_stays_as_it_is() -> None:
    broken = "def two(:\n    mid-sentence  \n\n\n\n    and on"
    text = after(("a.one", "x = 1"), text=f"# kata: a.two\n{broken}\n")
    assert regions_in(text) == {"a.one": "x = 1", "a.two": broken}


def test_a_region_of_a_kata_the_course_no_longer_has_stays_at_the_end() -> None:
    text = after(("a.one", "x = 1"), text="# kata: gone.kata\ny = 1\n")
    assert [*regions_in(text)] == ["a.one", "gone.kata"]


def test_blanks_after_a_header_do_not_hide_it() -> None:
    assert regions_in("# kata: a.one  \nx = 1\n") == {"a.one": "x = 1"}


def test_a_file_can_be_had_without_some_regions() -> None:
    text = after(("a.one", "import os\nx = 1"), ("a.two", "y = 1"))
    assert parse_file(text, FILE).without(["a.one"]).render() == (
        '"""A file."""\n\nimport os\n\n# kata: a.two\ny = 1\n'
    )
