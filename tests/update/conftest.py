"""The fixture of every test of `kata update`."""

from pathlib import Path

import pytest

from tests.helpers.update import Desk, desk_in


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return desk_in(tmp_path)
