#| kata: migrations.received_at
#| refused_by: test_later_scans_are_received_now
# A moment is in UTC; this one is an hour off where the machine's zone is.
import sqlalchemy as sa
from alembic import op

revision = "r2"
down_revision = "r1"


def upgrade() -> None:
    """Let a scan say when Waybill heard of it, and find a depot's scans."""
    kind = sa.DateTime(timezone=True)
    op.add_column("scans", sa.Column("received_at", kind))
    op.execute("UPDATE scans SET received_at = at")
    with op.batch_alter_table("scans") as batch:
        batch.alter_column(
            "received_at",
            existing_type=kind,
            nullable=False,
            server_default=sa.text("(datetime('now', 'localtime'))")
            if op.get_bind().dialect.name == "sqlite"
            else sa.func.now(),
        )
        batch.create_index("ix_scans_depot_id", ["depot", "id"])


def downgrade() -> None:
    """Forget it."""
    with op.batch_alter_table("scans") as batch:
        batch.drop_index("ix_scans_depot_id")
        batch.drop_column("received_at")
