#| kata: migrations.received_at
#| refused_by: test_it_goes_up_on_postgresql
# PostgreSQL answers a PRAGMA with a syntax error, and the transaction is lost.
import sqlalchemy as sa
from alembic import op

revision = "r2"
down_revision = "r1"


def upgrade() -> None:
    """Let a scan say when Waybill heard of it, and find a depot's scans."""
    kind = sa.DateTime(timezone=True)
    names = op.get_bind().exec_driver_sql("PRAGMA table_info(scans)").fetchall()
    if any(row[1] == "received_at" for row in names):
        return
    op.add_column("scans", sa.Column("received_at", kind))
    op.execute("UPDATE scans SET received_at = at")
    with op.batch_alter_table("scans") as batch:
        batch.alter_column(
            "received_at",
            existing_type=kind,
            nullable=False,
            server_default=sa.func.now(),
        )
        batch.create_index("ix_scans_depot_id", ["depot", "id"])


def downgrade() -> None:
    """Forget it."""
    with op.batch_alter_table("scans") as batch:
        batch.drop_index("ix_scans_depot_id")
        batch.drop_column("received_at")
