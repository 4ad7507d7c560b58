#| kata: performance.revision
#| refused_by: test_it_goes_downwards
# The index stays.
from alembic import op

revision = "r8"
down_revision = "r7"


def upgrade() -> None:
    """Let a depot's scans of a day lie together."""
    columns = ["depot", "at"]
    op.create_index("ix_scans_depot_at", "scans", columns, if_not_exists=True)


def downgrade() -> None:
    """Take the index away; older code doesn't need it."""
    return
