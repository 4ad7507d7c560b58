#| kata: migrations.received_at
#| refused_by: test_old_scans_were_received_when_they_were_made
# In batch mode it works, and every scan of March was received today.
import sqlalchemy as sa
from alembic import op

revision = "r2"
down_revision = "r1"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Let a scan say when Waybill heard of it, and find a depot's scans."""
    with op.batch_alter_table("scans") as batch:
        batch.add_column(
            sa.Column(
                "received_at", MOMENT, nullable=False, server_default=sa.func.now()
            )
        )
        batch.create_index("ix_scans_depot_id", ["depot", "id"])


def downgrade() -> None:
    """Forget it."""
    with op.batch_alter_table("scans") as batch:
        batch.drop_index("ix_scans_depot_id")
        batch.drop_column("received_at")
