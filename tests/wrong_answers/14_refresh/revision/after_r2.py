#| kata: refresh.revision
#| refused_by: test_it_comes_after_r3
# Comes after r2, as r3 does.
import sqlalchemy as sa
from alembic import op

revision = "r4"
down_revision = "r2"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def create(name: str, *columns: sa.Column[object]) -> None:
    """Create a table, unless development has done so at a start."""
    if not sa.inspect(op.get_bind()).has_table(name):
        op.create_table(name, *columns)


def upgrade() -> None:
    """Let people stay signed in, and tries be counted."""
    create(
        "families",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column(
            "account_id",
            NUMBER,
            sa.ForeignKey("accounts.id"),
            nullable=False,
            index=True,
        ),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False, index=True),
    )
    create(
        "tries",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("key", sa.String(64), nullable=False, index=True),
        sa.Column("at", MOMENT, nullable=False, index=True),
    )


def downgrade() -> None:
    """Sign everybody out, and forget all tries."""
    op.drop_table("families")
    op.drop_table("tries")
