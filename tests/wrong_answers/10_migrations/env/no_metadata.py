#| kata: migrations.env
#| refused_by: test_it_knows_the_tables
# Autogenerate would find nothing to compare with.
from alembic import context

from waybill.tables import Base


def run() -> None:
    """Let Alembic change the tables of one database."""
    context.configure(
        connection=context.config.attributes["connection"],
    )
    context.run_migrations()


if __name__ == "env_py":  # that is what Alembic calls this file, when it runs it
    run()
