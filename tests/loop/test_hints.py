"""`kata hint` and `%hint`: one ladder, wherever a rung was read."""

from kata.course.course import Course
from kata.display.prose import plain
from kata.workspace.workspace import Workspace
from tests.helpers.cli import answer, kata
from tests.helpers.kernel import kernel
from tests.helpers.loop import APP, GREET, NAME
from tests.helpers.places import ROOT

COURSE = Course(ROOT)


def hint(place: Workspace, *arguments: str) -> str:
    shown = kata("hint", *arguments, cwd=place.root)
    assert shown.status == 0, shown.err
    return shown.out


def test_the_next_rung_follows_the_one_before_and_the_last_one_stays(
    place: Workspace,
) -> None:
    for number in (1, 2):
        shown = hint(place, NAME.id)
        assert f"Hint {number} of 3 for {NAME.id}\n\nHint {number}.\n" in shown
        assert f"`kata hint {NAME.id}`" in shown
    for _ in range(2):
        assert "That was the last one." in hint(place, NAME.id)


def test_a_notebook_goes_on_where_the_terminal_stopped(place: Workspace) -> None:
    hint(place, NAME.id)
    with kernel(place) as notebook:
        assert "Hint 2 of 3" in notebook.run(f"%hint {NAME.id}").plain
    assert "Hint 3 of 3" in hint(place, NAME.id)


def test_all_rungs_can_be_read_at_once_and_count_as_read(place: Workspace) -> None:
    shown = hint(place, NAME.id, "--all")
    assert all(f"Hint {number} of 3" in shown for number in (1, 2, 3))
    assert "Hint 3 of 3" in hint(place, NAME.id)


def test_without_a_name_it_is_about_the_kata_that_comes_next(place: Workspace) -> None:
    assert NAME.id in hint(place)
    answer(place, GREET)
    assert "greeting.hello" in hint(place)
    answer(place, APP)
    answer(place, "#| kata: counting.double\ndouble = lambda number: number * 2")
    nothing_left = kata("hint", cwd=place.root)
    assert nothing_left.status == 2
    assert "Name one" in nothing_left.err


MARKDOWN = """\
Read [the docs](https://example.org/a) on **fields**, a paragraph whose words go on
and on, past what a terminal shows.

- one item whose text goes on and on, past the eighty columns that a terminal has, ok
- two

```python
x = 1  # as it is

y = 2
```
"""
PLAIN = """\
Read the docs (https://example.org/a) on fields, a paragraph whose words go on
and on, past what a terminal shows.

- one item whose text goes on and on, past the eighty columns that a terminal
  has, ok
- two

    x = 1  # as it is

    y = 2
"""


def test_markdown_becomes_lines_that_fit_a_terminal() -> None:
    assert plain(MARKDOWN) == PLAIN.rstrip()
    assert plain("```\ncode\n```") == "    code"


def test_the_courses_hints_lose_no_word_on_the_way() -> None:
    for one in COURSE.curriculum.katas:
        for text in COURSE.cells(one).hints:
            marks = str.maketrans("", "", "*[]()`")
            words = text.replace("```python", "").translate(marks).split()
            shown = plain(text).translate(marks).split()
            assert "".join(words) == "".join(shown)
