#| kata: websockets.revision
#| refused_by: test_its_types_are_right_on_postgresql
# 32 bits on PostgreSQL.
import sqlalchemy as sa
from alembic import op

revision = "r7"
down_revision = "r6"

NUMBER = sa.Integer()
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the table for tickets, unless `create_all` has done so."""
    if sa.inspect(op.get_bind()).has_table("tickets"):
        return
    accounts = sa.ForeignKey("accounts.id")
    op.create_table(
        "tickets",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("account_id", NUMBER, accounts, nullable=False),
        sa.Column("depot", sa.String(3), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False, index=True),
    )


def downgrade() -> None:
    """Leave it: older code asks for no ticket."""
