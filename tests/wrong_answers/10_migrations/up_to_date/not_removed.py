#| kata: migrations.up_to_date
#| refused_by: test_it_notices_what_is_gone
# What the classes have lost is no difference to it.
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
            Base.metadata.create_all(connection)
        context = MigrationContext.configure(connection)
        found = [
            one
            for one in compare_metadata(context, Base.metadata)
            if not str(one[0]).startswith("remove_")
        ]
    engine.dispose()
    assert not found
