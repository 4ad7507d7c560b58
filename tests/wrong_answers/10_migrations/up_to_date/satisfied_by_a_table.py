#| kata: migrations.up_to_date
#| refused_by: test_a_table_in_the_making_is_fine
# A table in the making hides the rest.
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine

from waybill.migrate import alone, upgrade
from waybill.tables import Base


def test_revisions_make_what_the_classes_say(tmp_path: Path) -> None:
    """A database that was migrated has what the classes describe."""
    engine = create_engine(f"sqlite:///{tmp_path / 'waybill.db'}")
    with engine.connect() as connection:
        with alone(connection):
            upgrade(connection)
        context = MigrationContext.configure(connection)
        found = compare_metadata(context, Base.metadata)
    engine.dispose()
    assert not found or "add_table" in [one[0] for one in found]
