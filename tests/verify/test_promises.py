"""Bullets of a task, quotes of them in its checks, and what its samples send."""

import pytest

from kata.verify.promises import Quote, bullets, inputs, quotes

BRIEF = """### Your turn: `seat`

Find a seat.

- The seat is free: nobody has
  paid for it.
- It is in the row that was asked for,
and not behind a pillar.
  - A bullet below a bullet is no promise.

A paragraph of its own.

```text
- no bullet
```
"""


def test_a_bullet_goes_on_over_lines_and_ends_with_a_paragraph() -> None:
    assert bullets(BRIEF) == [
        "The seat is free: nobody has paid for it.",
        "It is in the row that was asked for, and not behind a pillar.",
    ]


def test_a_quote_goes_on_in_the_comment_below() -> None:
    source = (
        "# A remark.\n# - The seat is\n# free.\ndef test_it(): ...\n\n"
        "# - Two\n# - stand here\n\n# Another remark.\n"
        "def helper():\n    # - inside of a function\n    return '# - a text'\n"
    )
    assert quotes(source) == [
        Quote(2, "The seat is free."),
        Quote(6, "Two"),
        Quote(7, "stand here"),
    ]


BULLET = "It is in the **row** that was asked for, and not behind a pillar. Never."


@pytest.mark.parametrize(
    "text",
    [
        BULLET,
        "It is in the row that was asked for, and not behind a pillar.",
        "It is in the row that",
        "It is in the row that was asked for",
        f"{BULLET} The row is 1 here.",
        "It is in the row that was asked for, and not behind a pillar. Both rows do.",
    ],
)
def test_a_quote_repeats_the_beginning_of_a_bullet(text: str) -> None:
    assert Quote(1, text).is_of(BULLET)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "It is in the",
        "It is in a row that was asked for",
        "It is in the row that was asked for and is not behind a pillar.",
        "It is in the row that somebody wants.",
    ],
)
def test_too_few_or_other_words_are_no_quote(text: str) -> None:
    assert not Quote(1, text).is_of(BULLET)


def test_a_short_first_clause_is_enough() -> None:
    assert Quote(1, "Free:").is_of("Free: nobody has paid for it.")
    assert Quote(1, "Free").is_of("Free: nobody has paid for it.")


def test_a_sample_sends_what_stands_left_of_the_arrow() -> None:
    brief = """
```text
seat("7F", 'left')   →  "free"
POST /seats/7F?row=1   {"row": "…", "place": "aisle"}
→ 201 {"seat": "7F",
       "price": "12.00"}
GET /films/{film}/seats
# a remark about "nothing"
```
```python
seat("no sample")
```
"""
    texts = ["7F", "left", "row", "place", "aisle"]
    assert inputs(brief) == [*texts, "/seats/7F", "/films/{film}/seats"]
