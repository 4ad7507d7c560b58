#| kata: migrations.autoincrement
#| refused_by: test_rows_and_rules_stay
# The new table has neither rules nor index.
from alembic import op

revision = "r3"
down_revision = "r2"


def upgrade() -> None:
    """Never give the id of a parcel twice."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    query = "SELECT sql FROM sqlite_master WHERE name = 'parcels'"
    if "AUTOINCREMENT" in connection.exec_driver_sql(query).scalar_one().upper():
        return
    op.execute("PRAGMA legacy_alter_table = ON")
    op.execute("ALTER TABLE parcels RENAME TO old_parcels")
    op.execute('CREATE TABLE parcels (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, tracking_code TEXT, owner_id INTEGER, "to" JSON, weight_g INTEGER, value INTEGER, created_at DATETIME)')
    op.execute("INSERT INTO parcels SELECT * FROM old_parcels")
    op.execute("DROP TABLE old_parcels")
    if orphans := connection.exec_driver_sql("PRAGMA foreign_key_check").all():
        raise RuntimeError(f"{len(orphans)} rows point at nothing")


def downgrade() -> None:
    """Leave it: nobody is worse off."""
