#| kata: migrations.received_at
#| refused_by: test_index_and_rules_are_there
# On PostgreSQL the scans of a depot would have to be sorted.
import sqlalchemy as sa
from alembic import op

revision = "r2"
down_revision = "r1"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Let a scan say when Waybill heard of it, and find a depot's scans."""
    op.add_column("scans", sa.Column("received_at", MOMENT))
    op.execute("UPDATE scans SET received_at = at")
    with op.batch_alter_table("scans") as batch:
        batch.alter_column(
            "received_at",
            existing_type=MOMENT,
            nullable=False,
            server_default=sa.func.now(),
        )
        batch.create_index("ix_scans_depot_id", ["depot"])


def downgrade() -> None:
    """Forget it."""
    with op.batch_alter_table("scans") as batch:
        batch.drop_index("ix_scans_depot_id")
        batch.drop_column("received_at")
