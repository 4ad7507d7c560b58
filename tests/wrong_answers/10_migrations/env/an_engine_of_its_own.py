#| kata: migrations.env
#| refused_by: test_it_works_on_the_connection
# The database of the default is changed, whatever the app uses.
from alembic import context

from sqlalchemy import create_engine

from waybill.tables import Base


def run() -> None:
    """Let Alembic change the tables of one database."""
    context.configure(
        connection=create_engine("sqlite:///waybill.db").connect(),
        target_metadata=Base.metadata,
    )
    context.run_migrations()


if __name__ == "env_py":  # that is what Alembic calls this file, when it runs it
    run()
