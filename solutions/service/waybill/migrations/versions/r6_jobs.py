"""What is to be done after an answer."""

import sqlalchemy as sa
from alembic import op

# kata: background.revision
revision = "r6"
down_revision = "r5"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Let jobs wait."""
    if sa.inspect(op.get_bind()).has_table("jobs"):
        return  # `create_all` has made it, in development
    op.create_table(
        "jobs",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(7), nullable=False),
        sa.Column("attempts", NUMBER, nullable=False),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_error", sa.String(100)),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_jobs_state_run_at_id", "jobs", ["state", "run_at", "id"])


def downgrade() -> None:
    """Leave it: older code asks for no job, and none is lost."""
