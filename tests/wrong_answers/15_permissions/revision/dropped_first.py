#| kata: permissions.revision
#| refused_by: test_rows_stay
# A table that is there is made anew.
import sqlalchemy as sa
from alembic import op

revision = "r5"
down_revision = "r4"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def create(name: str, *parts: sa.schema.SchemaItem) -> None:
    """Create a table, unless `create_all` has done so."""
    if sa.inspect(op.get_bind()).has_table(name):
        op.drop_table(name)
    op.create_table(name, *parts)


def upgrade() -> None:
    """Create what permissions need."""
    parcels, accounts = sa.ForeignKey("parcels.id"), sa.ForeignKey("accounts.id")
    create(
        "assignments",
        sa.Column("parcel_id", NUMBER, parcels, primary_key=True),
        sa.Column("courier_id", NUMBER, accounts, nullable=False, index=True),
    )
    create(
        "api_keys",
        sa.Column("prefix", sa.String(16), primary_key=True),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("depot", sa.String(3), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("last_used", MOMENT),
        sa.Column("revoked_at", MOMENT),
    )


def downgrade() -> None:
    """Leave them: older code asks for neither, and no key is lost."""
