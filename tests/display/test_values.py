"""Values in a verdict are shown so that one sees what they are."""

import re
from html import unescape

import pytest

from kata.display import html, text
from kata.verdict import Exchange, Problem, Rule, Status, Verdict

RULE = Rule("test_it", "A postcode is kept.")


def verdict(problem: Problem, status: Status = Status.FAILED) -> Verdict:
    return Verdict("models.address", "…", status, "waybill/x.py", (RULE,), problem)


@pytest.mark.parametrize("value", ["'K1A  0B1'", "'  a'", "'a  '", "`a  b`"])
def test_spaces_stay_in_the_text_and_in_the_html(value: str) -> None:
    happened = f"The postcode was kept as {value}; {'that is wrong ' * 6}"
    shown = verdict(Problem(happened))
    assert value in text.render(shown)
    markup = html.render(shown)
    said = unescape(re.sub(r"<[^>]+>", "", markup))
    assert value.strip("`") in said
    assert re.search(
        r'<div style="[^"]*white-space:pre-wrap[^"]*">The postcode', markup
    )


def test_a_value_is_not_broken_over_two_lines() -> None:
    for width in range(60, 82):
        happened = "x" * width + " then 'Ada Lovelace of London' came."
        shown = text.render(verdict(Problem(happened)))
        assert "'Ada Lovelace of London'" in shown


def test_where_values_part_stands_one_below_the_other_in_both() -> None:
    marked = ("'K1A  0B1'", "'K1A 0B1'", "     ^")
    shown = verdict(Problem("It differs.", parting=marked))
    lines = "\n".join(f"    {line}" for line in marked)
    assert lines in text.render(shown)
    assert "\n".join(marked) in unescape(html.render(shown))


def test_headers_and_body_have_lines_of_their_own() -> None:
    exchange = Exchange(
        "POST /parcels",
        'authorization: Bearer x\nx-trace: 1\n{"name":"Ada  Lovelace"}',
        "200 OK",
        '{"id":1}\n{"id":2}\n',
    )
    shown = text.render(verdict(Problem("No.", exchange=exchange)))
    assert (
        """
  Sent      POST /parcels
            authorization: Bearer x
            x-trace: 1
            {"name": "Ada  Lovelace"}
  Received  200 OK
            {"id":1}
            {"id":2}
"""
        in shown
    )


def test_a_line_of_json_may_be_broken_between_its_parts_only() -> None:
    exchange = Exchange("POST /x", '{"a":"b,c:d","e":[1.50,2]}', "200 OK")
    for display in (text, html):
        said = display.render(verdict(Problem("No.", exchange=exchange)))
        assert '{"a": "b,c:d", "e": [1.50, 2]}' in unescape(said)


def test_broken_is_told_from_not_yet_by_word_symbol_and_colour() -> None:
    first_lines = {
        status: re.split("</div>", html.render(verdict(Problem("No."), status)))[0]
        for status in Status
    }
    for part in (r"<span[^>]*>(.+?)</span>", r"border-left:4px solid (#\w+)"):
        seen = {
            status: found[1]
            for status, line in first_lines.items()
            if (found := re.search(part, line))
        }
        assert seen[Status.BROKEN] != seen[Status.FAILED]
    words = {
        status: text.render(verdict(Problem("No."), status)).partition(":")[0]
        for status in Status
    }
    assert words[Status.BROKEN] != words[Status.FAILED]
    assert len({*words.values()}) == len(Status)
