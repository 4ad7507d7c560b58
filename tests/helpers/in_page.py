"""What tests of katas in a page need of a machine; each says what it did not try."""

import shutil

import pytest

from kata.page.build import CACHE
from tests.helpers.browser import CHROMIUM

NEEDED = [
    pytest.mark.skipif(
        CHROMIUM is None,
        reason="Chromium is missing: katas were NOT tried in a page "
        "(Debian: apt-get install chromium)",
    ),
    pytest.mark.skipif(
        not shutil.which("npm"),
        reason="npm is missing: katas were NOT tried in a page "
        "(Debian: apt-get install npm)",
    ),
    pytest.mark.skipif(
        not [*(CACHE / "packs").glob("base-*.pack")],
        reason="katas were NOT tried in a page: `kata build --site` compiles what it "
        "needs, in a minute or two",
    ),
]
