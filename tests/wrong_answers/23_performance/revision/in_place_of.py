#| kata: performance.revision
#| refused_by: test_it_makes_the_index
# In place of the index of lesson 10.
from alembic import op

revision = "r8"
down_revision = "r7"


def upgrade() -> None:
    """Let a depot's scans of a day lie together."""
    columns = ["depot", "at"]
    op.drop_index("ix_scans_depot_id", "scans")
    op.create_index("ix_scans_depot_at", "scans", columns, if_not_exists=True)


def downgrade() -> None:
    """Take the index away; older code doesn't need it."""
    op.drop_index("ix_scans_depot_at", "scans")
