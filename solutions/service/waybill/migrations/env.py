"""How Alembic reaches Waybill's database."""

from alembic import context

from waybill.tables import Base


# kata: migrations.env
def run() -> None:
    """Let Alembic change the tables of one database."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=Base.metadata,
    )
    context.run_migrations()


if __name__ == "env_py":  # that is what Alembic calls this file, when it runs it
    run()
