#| kata: migrations.env
#| refused_by: test_it_works_on_the_connection
# Nobody calls `run`.
from alembic import context

from waybill.tables import Base


def run() -> None:
    """Let Alembic change the tables of one database."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=Base.metadata,
    )
    context.run_migrations()
