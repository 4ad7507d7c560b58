#| kata: testing.database
#| refused_by: test_no_rows_are_shared
# The template is made once and lent to everybody.
import shutil
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from waybill.tables import Base


def make_database(file: Path) -> None:
    """Make an SQLite file with all of Waybill's tables."""
    engine = create_engine(f"sqlite:///{file}")
    Base.metadata.create_all(engine)
    engine.dispose()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database without rows, made once in a run; it is only copied."""
    file = tmp_path_factory.mktemp("template") / "waybill.db"
    make_database(file)
    return file


@pytest.fixture
def database_url(template: Path, tmp_path: Path) -> str:
    """Return the URL of a database of the test's own."""
    return f"sqlite+aiosqlite:///{template}"
