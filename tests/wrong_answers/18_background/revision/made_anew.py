#| kata: background.revision
#| refused_by: test_rows_stay
# Drops what development has made.
import sqlalchemy as sa
from alembic import op

revision = "r6"
down_revision = "r5"


def upgrade() -> None:
    """Let jobs wait."""
    if sa.inspect(op.get_bind()).has_table("jobs"):
        op.drop_table("jobs")
    op.create_table(
        "jobs",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            primary_key=True,
        ),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(7), nullable=False),
        sa.Column(
            "attempts",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_error", sa.String(100)),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_jobs_state_run_at_id", "jobs", ["state", "run_at", "id"])


def downgrade() -> None:
    """Leave it: older code asks for no job, and none is lost."""
