"""A page of a lesson weighs little more than its words."""

import gzip
from html.parser import HTMLParser
from pathlib import Path

HEAVIEST = 1.8
"""What a page may weigh for each byte of its words, both compressed."""


class Words(HTMLParser):
    """The words of a page, without its markup."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text = ""
        self.feed(page)

    def handle_data(self, data: str) -> None:
        """Keep what stands between two tags."""
        self.text += data


def packed(text: str) -> int:
    """Return the bytes of a text on its way to a browser."""
    return len(gzip.compress(text.encode()))


def test_a_lesson_weighs_little_more_than_its_words(site: Path) -> None:
    weights = {}
    for path in site.glob("lessons/*.html"):
        page = path.read_text("utf-8")
        weights[path.name] = packed(page) / packed(Words(page).text)
    assert weights
    assert {name: one for name, one in weights.items() if one > HEAVIEST} == {}
