#| kata: testing.database
#| refused_by: test_no_rows_are_shared
# One database for all tests, as the starting code has it, in another place.
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
def database_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the URL of a database, for a test."""
    file = tmp_path_factory.mktemp("database") / "waybill.db"
    make_database(file)
    return f"sqlite+aiosqlite:///{file}"
