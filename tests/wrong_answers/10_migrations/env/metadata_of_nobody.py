#| kata: migrations.env
#| refused_by: test_it_knows_the_tables
# A metadata without tables: everything would be dropped.
from alembic import context

from sqlalchemy import MetaData


def run() -> None:
    """Let Alembic change the tables of one database."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=MetaData(),
    )
    context.run_migrations()


if __name__ == "env_py":  # that is what Alembic calls this file, when it runs it
    run()
