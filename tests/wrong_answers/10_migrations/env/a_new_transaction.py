#| kata: migrations.env
#| refused_by: test_it_runs_the_revisions
# It undoes what the revisions have done.
from alembic import context

from waybill.tables import Base


def run() -> None:
    """Let Alembic change the tables of one database."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=Base.metadata,
    )
    context.run_migrations()
    context.get_context().connection.rollback()


if __name__ == "env_py":  # that is what Alembic calls this file, when it runs it
    run()
