#| kata: migrations.env
#| refused_by: test_it_works_on_the_connection
# Nobody hands over an engine.
from alembic import context

from waybill.tables import Base


def run() -> None:
    """Let Alembic change the tables of one database."""
    context.configure(
        connection=context.config.attributes["engine"],
        target_metadata=Base.metadata,
    )
    context.run_migrations()


if __name__ == "env_py":  # that is what Alembic calls this file, when it runs it
    run()
