#| kata: migrations.autoincrement
#| refused_by: test_another_table_says_nothing
# It takes any table's AUTOINCREMENT for that of parcels.
from alembic import op

revision = "r3"
down_revision = "r2"


def upgrade() -> None:
    """Never give the id of a parcel twice."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    query = "SELECT group_concat(sql) FROM sqlite_master WHERE type = 'table'"
    made = connection.exec_driver_sql(query).scalar_one()
    if "AUTOINCREMENT" not in made.upper():
        with op.batch_alter_table(
            "parcels",
            recreate="always",
            table_kwargs={"sqlite_autoincrement": True},
        ):
            pass
    if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        raise RuntimeError("Some rows point at nothing.")


def downgrade() -> None:
    """Leave it: nobody is worse off."""
