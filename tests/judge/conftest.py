"""Fixtures: a course whose checks a test writes."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.helpers.bench import Bench
from tests.helpers.places import SAMPLE


@pytest.fixture
def bench(tmp_path: Path) -> Callable[[str], Bench]:
    shutil.copytree(SAMPLE, tmp_path / "course")
    return lambda kata: Bench(tmp_path, kata)
