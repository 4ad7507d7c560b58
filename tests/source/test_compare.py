"""Two answers compared: what differs in meaning shows, and nothing that does not."""

import pytest

from kata.course.course import Course
from kata.course.curriculum import Kata
from kata.source.compare import compare
from tests.helpers.places import ROOT

COURSE = Course(ROOT)
WRITTEN = """\
from b import c
from a import b


class Box(Base):
    '''A box.'''

    # What is in it.
    size: int = Field(
        ge=1,
        le=2,
    )

    @property
    def label(self) -> str:
        if (self.size > 1):
            return 'big'
        else:
            return "s" "mall"
"""
FORMATTED = '''\
from b import c
from a import b
class Box(Base):
  """A box."""
  # What is in it.
  size: int = Field(ge=1, le=2)
  @property
  def label(self) -> str:
    if self.size > 1:
      return "big"
    else:
      return "small"
'''


def changes(mine: str, other: str) -> list[str]:
    return [
        f"{line.mark}{line.text}" for line in compare(mine, other) if line.mark != " "
    ]


def test_differences_of_form_are_none() -> None:
    assert compare(WRITTEN, FORMATTED) == ()


@pytest.mark.parametrize(
    ("mine", "other"),
    [
        ("x = (1,)", "x = (1)"),
        ("x = 1  # one", "x = 1  # two"),
        ("# one\nx = 1", "x = 1"),
        ("x = [  # one\n    1\n]", "x = [1]"),
        ('f"{x} "', 'f"{x}"'),
        ("if x:\n    y()\nz()", "if x:\n    y()\n    z()"),
        ("x = '''a\n  b'''", "x = '''a\n b'''"),
    ],
)
def test_differences_of_meaning_and_of_comments_show(mine: str, other: str) -> None:
    assert compare(mine, other)
    assert compare(mine, mine) == ()


def test_lines_are_shown_as_their_authors_wrote_them() -> None:
    mine = "a = 1\n\nb = Field(ge = 1,\n  le = 3)\nc = 'x'\n"
    other = 'a = 1\n\nb = Field(ge=1, le=4)\nc = "x"\nd = 2\n'
    assert [f"{line.mark}{line.text}" for line in compare(mine, other)] == [
        " a = 1",
        " ",
        "-b = Field(ge = 1,",
        "-  le = 3)",
        "+b = Field(ge=1, le=4)",
        " c = 'x'",
        "+d = 2",
    ]


def test_code_that_does_not_parse_is_compared_by_its_lines() -> None:
    assert changes("x = (\n  y", "x = 1\ny") == ["-x = (", "+x = 1"]


@pytest.mark.parametrize("one", COURSE.curriculum.katas, ids=lambda one: one.id)
def test_every_solution_is_the_same_as_itself_and_its_variants_are_not(
    one: Kata,
) -> None:
    solutions = COURSE.cells(one).solutions
    for number, left in enumerate(solutions):
        for right in solutions[number:]:
            assert (compare(left, right) == ()) is (left == right)
