#| kata: migrations.received_at
#| refused_by: test_the_column_is_there
# SQLite refuses it where there are rows.
import sqlalchemy as sa
from alembic import op

revision = "r2"
down_revision = "r1"


def upgrade() -> None:
    """Let a scan say when Waybill heard of it, and find a depot's scans."""
    received_at = sa.Column(
        "received_at",
        sa.DateTime(timezone=True),
        server_default=sa.func.now(),
        nullable=False,
    )
    op.add_column("scans", received_at)
    op.create_index("ix_scans_depot_id", "scans", ["depot", "id"])


def downgrade() -> None:
    """Forget it."""
    op.drop_column("scans", "received_at")
    op.drop_index("ix_scans_depot_id", "scans")
