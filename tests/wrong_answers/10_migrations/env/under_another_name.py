#| kata: migrations.env
#| refused_by: test_it_works_on_the_connection
# Alembic calls the file env_py.
from alembic import context

from waybill.tables import Base


def run() -> None:
    """Let Alembic change the tables of one database."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=Base.metadata,
    )
    context.run_migrations()


if __name__ == "__main__":  # that is what Alembic calls this file, when it runs it
    run()
