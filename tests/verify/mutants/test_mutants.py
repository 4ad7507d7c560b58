"""Mutants of a cell: which small changes are made, and what is left as it was."""

import ast

import pytest

from kata.course.course import Course
from kata.source.cell import option_lines
from kata.verify.mutants.mutants import mutants
from kata.verify.mutants.patterns import changed_patterns
from tests.helpers.places import ROOT

COURSE = Course(ROOT)
SOLUTIONS = {
    f"{kata.id}-{number}": source
    for kata in COURSE.curriculum.katas
    for number, source in enumerate(COURSE.cells(kata).solutions)
}


def changes(source: str) -> set[str]:
    """Return what the lines became that a mutant changed, one text a mutant."""
    before = source.splitlines()
    found = set()
    for mutant in mutants(source):
        lines = [line for line in mutant.source.splitlines() if line not in before]
        found.add("\n".join(line.strip() for line in lines))
    return found


ONE_LINE = {
    "a comparison moves its boundary or turns round": (
        "fits = size <= limit",
        {"fits = size < limit", "fits = size > limit"},
    ),
    "an operator of two words is one operator": (
        "new = code not in seen",
        {"new = code in seen"},
    ),
    "a condition loses a part, and `and` becomes `or`": (
        "ok = (a or b) and c",
        {"ok = (a or b) or c", "ok = (a or b)", "ok = c"}
        | {"ok = (a and b) and c", "ok = (a) and c", "ok = (b) and c"},
    ),
    "arithmetic changes its sign": ("total = a + b", {"total = a - b"}),
    "a negation goes": ("empty = not names", {"empty = names"}),
    "a choice is no choice": ("x = a if b else c", {"x = a", "x = c"}),
    "a filter lets everything through": (
        "x = [a for a in b if a.ready]",
        {"x = [a for a in b if True]"},
    ),
    "a number changes by one, spelled as before": (
        "limit = 30_000",
        {"limit = 29_999", "limit = 30_001"},
    ),
    "a status code also becomes a related one": (
        "code = 404",
        {"code = 403", "code = 405", "code = 400"},
    ),
    "a named status code becomes a number": (
        "code = status.HTTP_201_CREATED",
        {"code = 200"},
    ),
    "true is false": ("strict = True", {"strict = False"}),
    "a word loses its last character": ("kind = 'lost'", {'kind = "los"'}),
    "prose is emptied": ("title = 'A parcel'", {'title = ""'}),
    "an f-string is emptied": ("title = f'{a} parcels'", {'title = ""'}),
    "a path gets a slash at its end": ("path = '/hello'", {'path = "/hello/"'}),
    "a setting becomes another one that is allowed": (
        "extra = 'forbid'",
        {'extra = "ignore"', 'extra = "allow"'},
    ),
    "a keyword argument goes, positional ones stay": (
        "x = Field(a, ge=b, le=c)",
        {"x = Field(a, le=c)", "x = Field(a, ge=b)"},
    ),
    "an item goes": ("x = [a, b]", {"x = [b]", "x = [a]"}),
    "an entry goes": ("x = {a: b, c: d}", {"x = {c: d}", "x = {a: b}"}),
    "a call without arguments goes": ("x = name.upper()", {"x = name"}),
    "a conversion goes": ("x = sorted(names)", {"x = names"}),
    "a request uses another method": (
        "x = client.get(f'/parcels/{code}')",
        {"x = client.post(f'/parcels/{code}')", 'x = client.get("")'},
    ),
    "a look into a dictionary is no request": ("x = row.get(name)", set()),
    "an annotated type loses what it adds, and gets wider": (
        "Grams = Annotated[int, ge, le]",
        {"Grams = int", "Grams = Annotated[float, ge, le]"}
        | {"Grams = Annotated[int, le]", "Grams = Annotated[int, ge]"},
    ),
    "a literal type loses a value": (
        "Kind = Literal[a, b]",
        {"Kind = Literal[b]", "Kind = Literal[a]"},
    ),
    "a statement that only acts goes": ("app.include_router(router)", {"pass"}),
    "the only value of a name stays": ("router = parcels", set()),
}


@pytest.mark.parametrize(("source", "expected"), ONE_LINE.values(), ids=ONE_LINE)
def test_a_line_becomes(source: str, expected: set[str]) -> None:
    assert changes(source) == expected


def test_a_class_loses_its_base_its_fields_and_their_limits() -> None:
    source = "class Box(Base, extra=no):\n    size: Size = Field(gt=low)\n"
    assert changes(source) == {
        "class Box(extra=no):",
        "class Box(Base):",
        "pass",
        "size: Size | None = Field(gt=low)",
        "size: object = Field(gt=low)",
        "size: Size",
        "size: Size = Field()",
    }


def test_a_union_in_a_field_keeps_one_side() -> None:
    made = changes("class Box(Base):\n    a: int\n    size: Size | None = None\n")
    assert "size: Size = None" in made
    assert "size: None = None" not in made


def test_a_path_operation_loses_decorator_method_parsing_and_response_model() -> None:
    source = (
        '@app.get("/boxes")\nasync def read(size: int, q: str = q) -> list[Box]:\n'
        "    return await find(size)\n"
    )
    assert changes(source) == {
        "",  # without its decorator
        '@app.post("/boxes")',
        '@app.get("/boxes/")',
        "async def read(size: str, q: str = q) -> list[Box]:",
        "async def read(size: int, q: str) -> list[Box]:",
        "async def read(size: int = None, q: str = q) -> list[Box]:",
        "async def read(size: int, q: str = q) :",
        "return None",
        "return find(size)",
    }


def test_a_guard_a_handler_and_a_lock_give_way() -> None:
    source = (
        "def take(box):\n    try:\n        with lock:\n            box.open()\n"
        "    except KeyError:\n        raise ValueError('it is gone')\n"
    )
    assert changes(source) == {
        "if True:",
        "pass",
        "except Exception:",
        "except LookupError:",
        "except ():",
        "raise RuntimeError('it is gone')",
    }


def test_a_client_that_is_opened_is_never_closed() -> None:
    source = "def use():\n    with open(path) as file:\n        yield file\n"
    assert "for file in [open(path)]:" in changes(source)


def test_an_assignment_goes_where_the_name_has_another_value() -> None:
    source = (
        "def tidy(name):\n    name = strip(name)\n    size = len(name)\n    use(size)"
    )
    assert [one.what for one in mutants(source)] == [
        "removed `name = strip(name)`",
        "removed `use(size)`",
    ]


def test_a_pattern_loses_anchors_bounds_and_characters() -> None:
    assert [*changed_patterns(r"^[A-Z\d-]{2,3}$")] == [
        r"[A-Z\d-]{2,3}$",
        r"^.{2,3}$",
        r"^[\d-]{2,3}$",
        r"^[A-Z-]{2,3}$",
        r"^[A-Z\d]{2,3}$",
        r"^[A-Z\d-]{1,3}$",
        r"^[A-Z\d-]{2,2}$",
        r"^[A-Z\d-]{3,3}$",
        r"^[A-Z\d-]{2,4}$",
        r"^[A-Z\d-]{2,}$",
        r"^[A-Z\d-]{0,3}$",
        r"^[A-Z\d-]{2,3}",
    ]


def test_a_group_in_a_pattern_is_not_taken_for_a_quantifier() -> None:
    assert [*changed_patterns(r"(?:ab)+\+")] == [r"(?:ab)*\+"]


def test_words_for_people_and_types_for_checkers_stay() -> None:
    source = '''
"""The docstring of 1 module."""
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    LIMIT = 1

def take(size: int | None, box: "Box") -> "Box | None":
    """Take 1 box."""  # at most 1
    kind: int | str
    assert size, "take 1"
    raise ValueError(f"{size} is not 1", "nor 2")
'''
    whats = [one.what for one in mutants(source)]
    assert [what for what in whats if not what.startswith("removed `")] == [
        "`ValueError` became `RuntimeError`"
    ]


def test_the_annotations_of_a_dependency_are_more_than_types() -> None:
    source = "def page(size: Annotated[int, Query(ge=1)]) -> Page: ...\n"
    assert "def page(size: Annotated[int, Query(ge=2)]) -> Page: ..." in changes(source)


def test_a_change_is_told_in_words_with_its_line() -> None:
    source = (
        "#| kata: a.b\n\nclass Box(Base):\n"
        "    size: Size = Field(\n        ge=1,\n    )\n"
    )
    told = {one.what: (one.line, one.text) for one in mutants(source)}
    assert told["`ge=1` became `ge=2`"] == (5, "ge=1,")
    assert told["removed `size: Size = Field(ge=1)`"] == (4, "size: Size = Field(")


def test_a_line_break_changes_nothing_in_the_words() -> None:
    flat = "x = take(path, tags=[a, b])\n"
    tall = "x = take(\n    path,\n    tags=[\n        a,\n        b,\n    ],\n)\n"
    assert {one.what for one in mutants(flat)} == {one.what for one in mutants(tall)}


def test_letters_of_more_than_one_byte_move_nothing() -> None:
    assert changes('städte = {"Łódź": 5}') == {
        'städte = {"Łódź": 4}',
        'städte = {"Łódź": 6}',
        'städte = {"Łód": 5}',
        "städte = {}",
    }


def test_everything_but_the_change_is_as_it_was() -> None:
    source = "a = f( x = 1, # why\n   y = 2 )\n\n\n\nb = 'kept' ; c = None  # so\n"
    assert "a = f( x = 1, # why\n   y = 3 )\n\n\n\nb = 'kept' ; c = None  # so\n" in {
        one.source for one in mutants(source)
    }


def test_a_diff_shows_the_change_and_little_else() -> None:
    source = "a = f()\nb = g(size=1)\nc = h()\nd = i()\n"
    [first, *_] = [one for one in mutants(source) if "became" in one.what]
    assert first.diff == (
        "@@ -1,3 +1,3 @@\n a = f()\n-b = g(size=1)\n+b = g(size=0)\n c = h()"
    )


@pytest.mark.parametrize("source", SOLUTIONS.values(), ids=SOLUTIONS)
def test_each_mutant_of_the_course_is_a_program_changed_in_one_place(
    source: str,
) -> None:
    made = [*mutants(source)]
    trees = [ast.dump(ast.parse(one.source)) for one in made]
    assert len({*trees, ast.dump(ast.parse(source))}) == len(made) + 1
    assert all(option_lines(one.source) == option_lines(source) for one in made)
    assert [one.line for one in made] == sorted(one.line for one in made)
    assert all(one.diff.count("@@ -") == 1 for one in made)
    assert made == [*mutants(source)]
