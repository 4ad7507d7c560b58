"""Nearly an option is no option: a near miss is named, with what to write instead."""

import json

import pytest

from kata.errors import KataError
from kata.source.near import refuse_near_misses
from tests.helpers.loop import GREET, HELLO, NAME
from tests.helpers.places import ROOT

IDS = frozenset({NAME.id, HELLO.id})
BODY = "\nx = 1"
WRITTEN = {
    f"# | kata: {NAME.id}": f"#| kata: {NAME.id}",
    f"#|kata {NAME.id}": f"#| kata: {NAME.id}",
    "#|kata": "#| kata:",
    f"#| Kata: {NAME.id}": f"#| kata: {NAME.id}",
    f"#| KATA : {NAME.id}": f"#| kata: {NAME.id}",
    f"#| kata {NAME.id}": f"#| kata: {NAME.id}",
    f"#| kata = {NAME.id}": f"#| kata: {NAME.id}",
    f"#| kata - {NAME.id}": f"#| kata: {NAME.id}",
    f"#| kata\uff1a {NAME.id}": f"#| kata: {NAME.id}",
    f"#| katas: {NAME.id}": f"#| kata: {NAME.id}",
    f"# kata: {NAME.id}": f"#| kata: {NAME.id}",
    f"#  |  needs: {NAME.id}": f"#| needs: {NAME.id}",
    f"#| need: {NAME.id}": f"#| needs: {NAME.id}",
    f"#| Needs {NAME.id}, {HELLO.id}": f"#| needs: {NAME.id}, {HELLO.id}",
    f"# | example: {NAME.id}": f"#| example: {NAME.id}",
    f"#| exmaple: {NAME.id}": f"#| example: {NAME.id}",
    f"#| examples {NAME.id}": f"#| example: {NAME.id}",
    "# | variant: another way": "#| variant: another way",
}


@pytest.mark.parametrize("line", WRITTEN)
@pytest.mark.parametrize("before", ["", "import os\n", "\ufeff", "\n\n"])
def test_a_near_miss_is_refused_and_says_what_to_write(before: str, line: str) -> None:
    with pytest.raises(KataError) as caught:
        refuse_near_misses(f"{before}{line}{BODY}", IDS)
    assert f"`{line}`" in caught.value.happened
    assert f"`{WRITTEN[line]}`" in caught.value.next_step


@pytest.mark.parametrize(
    "cell",
    [
        f"x = 1\n#| kata: {NAME.id}",
        f"# My answer.\n{GREET}",
        f"def f():\n    #| kata: {NAME.id}\n    return 1",
        f"\n#| needs: {NAME.id}\nx = 1",
        f"{GREET}\n\n#| kata: {HELLO.id}\ny = 2",
        # Not Python at all: nobody can tell a comment from a string.
        f"x = '''\n#| kata: {NAME.id}",
    ],
)
def test_an_option_that_is_not_first_is_refused(cell: str) -> None:
    with pytest.raises(KataError) as caught:
        refuse_near_misses(cell, IDS)
    assert "where it means nothing" in caught.value.happened
    assert "the first line" in caught.value.next_step


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (f"#| kata: {NAME.id}\n#| kata: {HELLO.id}", "only one can count"),
        (f"#| needs: {NAME.id}\n#| needs: {HELLO.id}", "only one can count"),
        (f"#| kata: {NAME.id}\n#| needs: {HELLO.id}", "do not go together"),
        (f"#| example: {NAME.id}\n#| kata: {NAME.id}", "do not go together"),
    ],
)
def test_two_options_that_exclude_each_other_are_refused(head: str, said: str) -> None:
    with pytest.raises(KataError, match=said) as caught:
        refuse_near_misses(head + BODY, IDS)
    assert "Leave one of them" in caught.value.next_step


@pytest.mark.parametrize(
    "cell",
    [
        GREET,
        f"#|kata:{NAME.id}{BODY}",
        f"#|   kata :  {NAME.id}  {BODY}",
        f"\ufeff#| kata: {NAME.id}{BODY}",
        f"#| kata: {NAME.id}\n#| variant: in another way{BODY}",
        f"#| kata: {NAME.id}\n#| refused_by: test_it{BODY}",
        f"#| needs: {NAME.id}, {HELLO.id}{BODY}",
        f"#| label: a-figure\n#| echo: false{BODY}",
        "# The kata needs a variant, for example this one.",
        "# kata: what I have learned today",
        "x = '#| kata: a'",
        f'X = """\n#| kata: {NAME.id}\n"""',
        "print('no option')  # | kata: this stands behind code",
        "%lesson 01\n# and no more",
    ],
)
def test_what_is_right_and_what_is_no_option_is_left_alone(cell: str) -> None:
    refuse_near_misses(cell, IDS)


def test_no_cell_of_the_course_is_refused() -> None:
    masters = sorted((ROOT / "solutions").glob("*.ipynb"))
    assert masters
    for master in masters:
        for cell in json.loads(master.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                refuse_near_misses("".join(cell["source"]), IDS)
