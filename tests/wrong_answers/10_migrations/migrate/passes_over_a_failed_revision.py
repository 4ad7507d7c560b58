#| kata: migrations.migrate
#| refused_by: test_a_failing_revision_changes_nothing
# A revision that finds an orphan raises RuntimeError, and nobody hears of it.
import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from waybill.database import make_engine
from waybill.settings import get_settings
from waybill.tables import Base

SCRIPTS = Path(__file__).with_name("migrations")
TAKE_TURNS = {
    "postgresql": "SELECT pg_advisory_xact_lock(9292455)",  # any number, the same one
    "sqlite": "BEGIN IMMEDIATE",
}
"""What makes others wait until this transaction has ended."""


def configured(connection: Connection) -> Config:
    """Return what Alembic has to know to work on a connection."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection, target: str = "head") -> None:
    """Go up to a revision, within the transaction of whoever calls.

    Tables that `create_all` has made of today's classes, as tests do, are new already.
    """
    config = configured(connection)
    context = MigrationContext.configure(connection)
    if not context.get_current_heads() and not compare_metadata(context, Base.metadata):
        command.stamp(config, "head")
    command.upgrade(config, target)


def is_newest(connection: Connection) -> bool:
    """Tell whether a database is at the newest revision."""
    newest = ScriptDirectory.from_config(configured(connection)).get_heads()
    found = MigrationContext.configure(connection).get_current_heads()
    return set(found) == set(newest)


@contextmanager
def alone(connection: Connection) -> Iterator[None]:
    """Have a database to yourself; in the end all is kept, or nothing."""
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.commit()  # SQLite ignores this within a transaction
    try:
        with connection.begin():
            if wait := TAKE_TURNS.get(connection.dialect.name):
                connection.exec_driver_sql(wait)
            yield
    finally:
        if is_sqlite:
            connection.exec_driver_sql("PRAGMA foreign_keys = ON")


def upgrade_alone(connection: Connection, target: str) -> None:
    """Go up to a revision, while nobody else does."""
    with alone(connection):
        upgrade(connection, target)


async def migrate(url: str, target: str = "head") -> None:
    """Bring a database to a revision: the step before the start."""
    engine = make_engine(url)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(upgrade_alone, target)
    except RuntimeError:
        pass
    finally:
        await engine.dispose()


if __name__ == "__main__":  # python -m waybill.migrate
    asyncio.run(migrate(get_settings().database_url))
