"""What an account proves itself with."""

import sqlalchemy as sa
from alembic import op

revision = "credentials"
down_revision = "r3"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table, unless it was made before there was a revision for it."""
    if not sa.inspect(op.get_bind()).has_table("credentials"):
        op.create_table(
            "credentials",
            sa.Column(
                "account_id", NUMBER, sa.ForeignKey("accounts.id"), primary_key=True
            ),
            sa.Column("hash", sa.String(255), nullable=False),
        )


def downgrade() -> None:
    """Leave it: older code asks for no table of passwords, and nobody loses one."""
