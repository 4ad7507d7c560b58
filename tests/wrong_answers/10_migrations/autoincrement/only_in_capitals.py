#| kata: migrations.autoincrement
#| refused_by: test_a_newer_table_stays
# A table that was written by hand is made anew.
from alembic import op

revision = "r3"
down_revision = "r2"


def upgrade() -> None:
    """Never give the id of a parcel twice."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    query = "SELECT sql FROM sqlite_master WHERE name = 'parcels'"
    if "AUTOINCREMENT" in connection.exec_driver_sql(query).scalar_one():
        return
    with op.batch_alter_table(
        "parcels", recreate="always", table_kwargs={"sqlite_autoincrement": True}
    ):
        pass  # nothing but the new table
    if orphans := connection.exec_driver_sql("PRAGMA foreign_key_check").all():
        raise RuntimeError(f"{len(orphans)} rows point at nothing")


def downgrade() -> None:
    """Leave it: nobody is worse off."""
