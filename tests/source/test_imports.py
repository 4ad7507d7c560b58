"""The import block of a file: a union, sorted, without clashes, nothing lost."""

import ast
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kata.errors import KataError
from kata.source.file import SourceFile, parse_cell, parse_file, place
from kata.source.imports import Import, block, statements_in

FILE = "waybill/some.py"
ORDER = ["a.one", "a.two", "a.three"]


class File:
    """A file of the service in which cells are run and people write."""

    def __init__(self, text: str = "") -> None:
        self.text = text
        self.known: dict[str, dict[Import, int]] = {}

    def run(self, kata: str, cell: str) -> None:
        code = parse_cell(cell)
        file = parse_file(self.text, FILE) if self.text else SourceFile()
        placed = place(file, kata, code, path=FILE, order=ORDER, known=self.known)
        self.text, self.known[kata] = placed.render(), dict(code.imports)

    def write(self, old: str, new: str) -> None:
        """Change the text by hand."""
        assert old in self.text
        self.text = self.text.replace(old, new, 1)

    @property
    def imports(self) -> str:
        return block(parse_file(self.text, FILE).imports)

    def refuses(self, kata: str, cell: str) -> str:
        """Run a cell that is refused; return what is said, as one line."""
        with pytest.raises(KataError) as caught:
            self.run(kata, cell)
        return " ".join(str(caught.value).split())


def imports_of(text: str) -> list[Import]:
    lines = text.split("\n")
    statements = statements_in(lines, ast.parse(text))
    return [one for statement in statements for one in statement.imports]


@pytest.mark.parametrize(
    ("statement", "bound"),
    [
        ("import a", ["a"]),
        ("import a.b.c", ["a"]),
        ("import a.b as c, d", ["c", "d"]),
        ("from a import b as c, d", ["c", "d"]),
        ("from . import a", ["a"]),
        ("from ..a import b", ["b"]),
        ("from a import *", ["*"]),
        ("from a import (\n    b,\n    c as d,\n)", ["b", "d"]),
        ("from a import b, \\\n    c", ["b", "c"]),
        ("from __future__ import annotations", ["annotations"]),
    ],
)
def test_an_import_binds_names(statement: str, bound: list[str]) -> None:
    assert [one.binds for one in imports_of(statement)] == bound


def test_the_block_is_the_sorted_union_of_what_the_cells_import() -> None:
    file = File()
    file.run("a.two", "from waybill.x import y\nfrom fastapi import status\nimport os")
    file.run(
        "a.one", "import json\nfrom fastapi import (\n    FastAPI,\n    status,\n)"
    )
    file.run("a.three", "from __future__ import annotations\nfrom .z import *")
    assert file.imports == (
        "from __future__ import annotations\n\n"
        "import json\nimport os\n\n"
        "from fastapi import FastAPI, status\n\n"
        "from waybill.x import y\n\n"
        "from .z import *"
    )


def test_what_a_replaced_cell_no_longer_needs_is_dropped() -> None:
    file = File()
    file.run("a.one", "import json\nfrom fastapi import FastAPI, status")
    file.run("a.two", "from fastapi import status")
    file.run("a.one", "import os")
    assert file.imports == "import os\n\nfrom fastapi import status"


def test_an_import_that_other_code_relies_on_stays_with_it() -> None:
    file = File()
    file.run("a.one", "import json\nimport os\nimport re\nX = os.sep")
    file.run("a.two", "def two():\n    return json.dumps(1)")
    file.write("# kata: a.one", "WORD = re.compile('w')\n\n\n# kata: a.one")
    file.run("a.one", "X = 1")
    assert file.imports == "import json\nimport re"


def test_a_name_may_be_imported_from_elsewhere_than_before() -> None:
    file = File()
    file.run("a.one", "from dataclasses import field as Field")
    file.run("a.two", "two = Field()")
    file.run("a.one", "from pydantic import Field")
    assert file.imports == "from pydantic import Field"


def test_a_name_may_be_defined_that_was_imported_before() -> None:
    file = File()
    file.run("a.one", "from pydantic import Field")
    file.run("a.two", "two = Field()")
    file.run("a.one", "def Field(): ...")
    assert file.imports == ""


def test_what_was_added_by_hand_stays() -> None:
    file = File()
    file.run("a.one", "import os")
    file.write("import os", "import os\nimport mine  # my own\nfrom os import path")
    file.run("a.one", "import json")
    assert file.imports == ("import json\nfrom os import path\n\nimport mine  # my own")


def test_what_was_added_by_hand_stays_when_another_file_gets_it_from_a_cell() -> None:
    file = File("import os\n\nHERE = 1\n")
    file.known["b.other"] = dict.fromkeys(imports_of("import os"), 1)
    file.run("a.one", "X = 1")
    assert file.imports == "import os"


def test_comments_stay_with_their_imports() -> None:
    file = File()
    file.run(
        "a.one",
        "# Two lines\n# about one.\nimport zlib\nimport json  # noqa: F401\n"
        "from fastapi import (  # all of them\n    FastAPI,  # this\n"
        "    # and that\n    status,\n)",
    )
    assert file.imports == (
        "import json  # noqa: F401\n\n# Two lines\n# about one.\nimport zlib\n\n"
        "# and that\nfrom fastapi import (\n"
        "    FastAPI,  # this  # all of them\n    status,  # all of them\n)"
    )


def test_a_comment_goes_with_the_cell_that_brought_it() -> None:
    file = File()
    file.run("a.one", "# why\nimport os  # one\nfrom sys import path  # mine")
    file.run("a.two", "import os\nfrom sys import argv")
    file.run("a.one", "X = 1")
    assert file.imports == "import os\nfrom sys import argv"


def test_a_comment_added_by_hand_stays_on_an_import_that_stays() -> None:
    file = File()
    file.run("a.one", "import os  # one\nfrom sys import path, argv")
    file.write("# one", "# by hand")
    file.write("from sys", "# Mine.\nfrom sys")
    file.run("a.one", "import os  # two\nfrom sys import argv")
    assert file.imports == "import os  # by hand\n\n# Mine.\nfrom sys import argv"


def test_a_comment_apart_from_the_imports_is_code() -> None:
    code = parse_cell("# The rules.\n\nimport os\n\n# The rest.\n\nx = 1")
    assert code.body == "# The rules.\n\n\n# The rest.\n\nx = 1"


NAMES = st.sampled_from(["a", "B", "C_D", "_e", "a10", "a2", "long_" * 9, "größe"])
COMMENTS = st.sampled_from(["", "# why", "# noqa: F401", "# at length" * 7])
ABOVE = st.sampled_from([(), ("# one",), ("# one", "# two")])
FROM = st.builds(
    Import,
    st.sampled_from(["os", "fastapi.responses", "waybill.x", ".", "..y", "B", "a10"]),
    st.one_of(NAMES, st.just("*")),
    st.none(),
    COMMENTS,
    ABOVE,
)
RENAMED = st.builds(Import, st.just("os"), NAMES, st.just("other"), COMMENTS)
WHOLE = st.builds(
    Import, st.sampled_from(["os", "os.path", "fastapi"]), comment=COMMENTS
)


@given(st.lists(st.one_of(FROM, RENAMED, WHOLE), unique=True))
def test_a_block_says_all_that_went_into_it(imports: list[Import]) -> None:
    text = block(imports)
    back = imports_of(text)
    assert {one: one.comment for one in back} == {one: one.comment for one in imports}
    assert {note for one in back for note in one.notes} == (
        {note for one in imports for note in one.notes}
    )
    assert block(reversed(back)) == text


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("import a", "import a"),
        ("import a.b", "import a.c"),
        ("import a", "import a.c"),
        ("from a import b", "from a import b  # again"),
        ("from a import *", "from b import *"),
        ("from a import *", "import a"),
        ("from a import b", "from c import b as d"),
        ("x = 1", "import a.x"),
        ("from a import b", "b.c = 1"),
        ("box = {}", "box[1] = 1"),
        ("for i in (): ...", "for i in (): ..."),
        ("def f():\n    x = 1", "x = 1"),
    ],
)
def test_names_that_mean_the_same_go_together(first: str, second: str) -> None:
    file = File()
    file.run("a.one", first)
    file.run("a.two", second)


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        ("import a", "from b import a", ["already says `import a`", "with `as`"]),
        ("from a import x", "from b import x", ["this cell says `from b import x`"]),
        ("import a as x", "import b as x", ["`import a as x`"]),
        ("import a.b", "import c as a", ["`a` can mean only one"]),
        ("from a import x", "x = 1", ["this cell defines `x`", "another name"]),
        ("def x(): ...", "x = 1", ["defines `x`, by the kata a.one", "cell of a.one"]),
        ("if a:\n    x = 1", "class x: ...", ["defines `x`, by the kata a.one"]),
        ("x = 1", "from a import x", ["this cell says `from a import x`", "`as`"]),
        ("", "import a\nimport b as a", ["says both `import a` and `import b as a`"]),
    ],
)
def test_a_name_with_two_meanings_is_refused(
    first: str, second: str, words: list[str]
) -> None:
    file = File()
    file.run("a.one", first)
    before = file.text
    said = file.refuses("a.two", second)
    assert all(word in said for word in words), said
    assert file.text == before


@pytest.mark.parametrize("mine", ["from b import x", "import x", "x = 1"])
def test_a_name_that_somebody_wrote_above_the_regions_is_theirs(mine: str) -> None:
    file = File("x = 1\n\n\n# kata: a.one\n")
    said = file.refuses("a.one", mine)
    assert "already defines `x`, above the first `# kata:` line" in said


def test_a_kata_may_change_its_own_mind() -> None:
    file = File()
    for cell in ("from a import x", "from b import x", "x = 1", "import x"):
        file.run("a.one", cell)
    assert file.text == "import x\n\n# kata: a.one\n"


THREADS = """
import sys
from concurrent.futures import ThreadPoolExecutor
from kata.source.imports import Import, block

sys.setswitchinterval(1e-5)
with ThreadPoolExecutor(4) as pool:
    blocks = [pool.submit(block, [Import("json")]) for _ in range(4)]
print({one.result() for one in blocks})
"""


def test_several_threads_may_sort_a_block_for_the_first_time_at_once() -> None:
    for _ in range(3):
        command = [sys.executable, "-c", THREADS]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.stdout == "{'import json'}\n", done.stderr
