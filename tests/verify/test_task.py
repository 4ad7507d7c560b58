"""Terms in bold, and words that count as prose."""

from kata.verify.task import terms
from kata.verify.wording import count_words


def test_a_term_is_what_stands_in_bold_within_a_sentence() -> None:
    assert terms(
        "A **claim** is an entry. Each **claim** has\na **required\nend**."
    ) == [
        "claim",
        "required end",
    ]


def test_labels_and_code_are_no_terms() -> None:
    text = (
        "- **Row:** where it is.\n1. **Seat** is a number.\n\n**Note:** a remark.\n\n"
        "```python\nf(**options, **more)\n```\n"
    )
    assert terms(text) == []


def test_words_are_counted_as_people_would() -> None:
    text = (
        "## A heading\n\n*Core · about 2 minutes · goes into `a.py`*\n\n"
        "A row - seven → [a seat](https://example.com/of/some/film).\n\n"
        "```text\nnothing of this\n```\n"
    )
    assert count_words(text) == 5
