"""Which names of a library a piece of code needs, and which of them are shown."""

import ast

import pytest

from kata.verify.shown import Names, read_cell


def needed(source: str) -> set[str]:
    names = Names()
    names.add(read_cell(source))
    return {*names.used.values()}


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("import jwt", {"import jwt"}),
        ("from fastapi import Query as Q", {"from fastapi import Query"}),
        ("from waybill.tables import Parcel", set()),
        ("import jwt\njwt.encode(a)", {"import jwt", "jwt.encode"}),
        ("text.encode()", set()),
        ("moment.astimezone(zone)", set()),
        ("settings.model_dump()", {".model_dump"}),
        ("Field(ge=1)", {"ge="}),
        ("sorted(rows, key=f, reverse=True)", set()),
        ("from waybill.app import create\ncreate(fast=True)", set()),
        ("from typing import Any", set()),
        ("@app.get('/', tags=x)\ndef read(): ...", {"tags="}),
        ("class Film(Base, extra=x): ...", {"extra="}),
        ("code = status.HTTP_409_CONFLICT", {".HTTP_409_CONFLICT"}),
    ],
)
def test_a_name_is_an_import_an_attribute_or_a_keyword(
    source: str, names: set[str]
) -> None:
    assert needed(source) == names


def test_code_that_an_example_writes_to_a_file_is_shown() -> None:
    source = 'TESTS = """\nimport pytest\n\n@pytest.mark\ndef test_a(): ...\n"""\n'
    assert needed(source) == {"import pytest", ".mark"}
    assert needed('"""A remark,\nand no.program at all."""') == set()


def test_magics_are_no_code() -> None:
    assert needed("try:\n    %reload_ext kata\nexcept E:\n    f.g()\n") == {".g"}
    assert needed("%%bash\nls .hidden") == set()


def test_who_has_seen_one_status_code_can_write_the_others() -> None:
    shown, used = Names(), Names()
    shown.add(ast.parse("status.HTTP_404_NOT_FOUND"))
    used.add(ast.parse("status.HTTP_409_CONFLICT"))
    assert {*used.used} <= {*shown.used}


def test_what_a_class_overrides_is_a_name_of_the_library() -> None:
    source = (
        "from pydantic import BaseModel\n\nclass Film(BaseModel):\n"
        "    model_config = {}\n    title: str\n"
    )
    assert needed(source) == {"from pydantic import BaseModel", "model_config"}


def test_what_code_defines_is_no_librarys() -> None:
    names = Names()
    names.add(
        ast.parse(
            "class Film:\n    title: str\n\n    def show(self, row): self.left = row\n"
        )
    )
    assert {"Film", "title", "title=", "show", "row=", "left"} <= names.defined
