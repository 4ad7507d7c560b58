"""Mutants that add: what lets more through, and what is left alone."""

import pytest

from kata.verify.mutants.mutants import mutants
from kata.verify.mutants.vocabulary import Vocabulary, vocabulary_of

CINEMA = """
class Role(StrEnum):
    GUEST = "guest"
    USHER = "usher"

Genre = Literal["drama", "comedy"]
Guest = Annotated[Account, Depends(current_account)]

class Film(Base):
    __tablename__ = "films"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    seats: Mapped[list["Seat"]] = relationship(lazy="raise")
"""
WORDS = vocabulary_of([CINEMA])


def changes(source: str) -> set[str]:
    """Return what the lines became that a mutant changed, one text a mutant."""
    before = source.splitlines()
    found = set()
    for mutant in mutants(source, WORDS):
        lines = [line for line in mutant.source.splitlines() if line not in before]
        found.add("\n".join(line.strip() for line in lines))
    return found


def test_a_vocabulary_is_read_from_tables_enumerations_and_dependencies() -> None:
    assert WORDS.columns == {"Film": ("id", "title")}
    assert {("Role.GUEST", "Role.USHER"), ("drama", "comedy")} <= {*WORDS.families}
    assert WORDS.injected == {"Guest"}


ADDED = {
    "a chain of comparisons keeps one side": (
        "fits = low <= size < high",
        {"fits = low <= size", "fits = size < high"},
    ),
    "a limit goes from one side": (
        "size = min(size, most)",
        {"size = size", "size = most"},
    ),
    "None becomes whatever is false": ("empty = seat is None", {"empty = not seat"}),
    "not None becomes whatever is true": ("taken = seat is not None", {"taken = seat"}),
    "a method joins the others": (
        "methods = ['GET', 'HEAD']",
        {"methods = ['GET', 'HEAD', \"OPTIONS\"]"},
    ),
    "an algorithm joins the one": (
        "f(algorithms=['HS256'])",
        {"f(algorithms=['HS256', \"HS512\"])"},
    ),
    "a member of an enumeration joins": (
        "staff = {Role.USHER}",
        {"staff = {Role.USHER, Role.GUEST}"},
    ),
    "a word of a literal type joins": (
        "sad = ('drama',)",
        {"sad = ('drama', \"comedy\",)"},
    ),
    "a number joins": ("codes = (200, 201)", {"codes = (200, 201, 202)"}),
    "the zone of now goes": ("at = datetime.now(UTC)", {"at = datetime.now()"}),
    "the zone of a timestamp goes": (
        "at = datetime.fromtimestamp(seconds, UTC)",
        {"at = datetime.fromtimestamp(seconds)"},
    ),
    "a conversion of zone goes": ("at = start.astimezone(UTC)", {"at = start"}),
    "a zone that is put on goes": ("at = start.replace(tzinfo=UTC)", {"at = start"}),
    "rows are sorted by another column, or backwards": (
        "q = select(Film).order_by(Film.title)",
        {
            "q = select(Film).order_by(Film.id)",
            "q = select(Film).order_by(Film.title.desc())",
        },
    ),
    "a column of the order goes": (
        "q = q.order_by(Film.title, Film.id)",
        {"q = q.order_by(Film.title)", "q = q.order_by(Film.id)"},
    ),
    "a relationship is sorted by another column": (
        'films = relationship(order_by="Film.id")',
        {'films = relationship(order_by="Film.title")'},
    ),
}


@pytest.mark.parametrize(("source", "expected"), ADDED.values(), ids=ADDED)
def test_a_line_becomes(source: str, expected: set[str]) -> None:
    assert expected <= changes(source)


LEFT_ALONE = {
    "words that belong to no family": "x = ['exp', 'sub']",
    "a family that is whole": "x = {Role.USHER, Role.GUEST}",
    "mixed constants": "x = ('GET', 1)",
    "targets": "a, b = c",
    "types": "x = dict[str, int]",
}


@pytest.mark.parametrize("source", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_nothing_joins(source: str) -> None:
    assert not [one for one in mutants(source, WORDS) if one.what.startswith("added")]


def test_a_required_field_of_a_model_gets_a_default() -> None:
    source = (
        "class Film(Model):\n    title: str\n    seats: int = Field(ge=1)\n"
        "    room: int = Field(default=1)\n"
    )
    made = changes(source)
    assert {"title: str = None", "seats: int = Field(None, ge=1)"} <= made
    assert "room: int = Field(None, default=1)" not in made


@pytest.mark.parametrize(
    "head", ["@dataclass\nclass Film(Base2):", "class Film:", "class Film(Protocol):"]
)
def test_a_field_of_no_model_gets_none(head: str) -> None:
    assert "title: str = None" not in changes(f"{head}\n    title: str\n")


ROUTE = '@app.post("/films/{film}")\nasync def sell('


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ("seat: Seat", "async def sell(seat: Seat = None): ..."),
        (
            "seat: Seat, row: Row",
            "async def sell(row: Row, seat: Seat = None): ...",
        ),
        (
            "seat: Seat, n: int = 1",
            "async def sell(seat: Seat = None, n: int = 1): ...",
        ),
        ("*, seat: Seat", "async def sell(*, seat: Seat = None): ..."),
    ],
)
def test_what_a_request_must_bring_gets_a_default(
    parameters: str, expected: str
) -> None:
    assert expected in changes(f"{ROUTE}{parameters}): ...\n")


@pytest.mark.parametrize(
    "parameter", ["film: int", "guest: Guest", "request: Request", "seat"]
)
def test_what_no_body_or_query_brings_gets_none(parameter: str) -> None:
    assert not {
        line for line in changes(f"{ROUTE}{parameter}): ...\n") if "None" in line
    }


def test_a_dependency_that_reads_the_query_gets_a_default() -> None:
    source = "def page(size: Annotated[int, Query(ge=one)]) -> Page: ...\n"
    assert (
        "def page(size: Annotated[int, Query(ge=one)] = None) -> Page: ..."
        in changes(source)
    )
    assert changes("def double(number: int) -> int: ...\n") == set()


def test_a_handler_catches_what_its_exceptions_are_kinds_of() -> None:
    source = "try:\n    f()\nexcept (KeyError, jwt.ExpiredError):\n    g()\n"
    assert {
        "except (LookupError, jwt.ExpiredError):",
        "except (KeyError, jwt.ExpiredError.__base__):",
    } <= changes(source)


def test_a_key_grows_by_a_part_of_the_request() -> None:
    source = 'def who(connection: HTTPConnection) -> str:\n    return f"guest {a}"\n'
    assert {
        'return f"guest {a} {connection.url.path}"',
        'return f"guest {a} {connection.url.query}"',
        'return f"guest {a} {connection.client}"',
    } <= changes(source)
    source = "async def __call__(self, scope):\n    await limiter.hit(who)\n"
    assert "await limiter.hit(f\"{who} {scope['path']}\")" in changes(source)


def test_a_key_stays_where_no_request_is_known() -> None:
    source = 'def name(row) -> str:\n    return f"row {row}"\n'
    assert changes(source) == {'return ""', "return None"}


def test_without_a_vocabulary_the_words_of_any_service_are_known() -> None:
    made = [one.what for one in mutants("x = ['GET']", Vocabulary())]
    assert "added `\"HEAD\"` to `'GET'`" in made
