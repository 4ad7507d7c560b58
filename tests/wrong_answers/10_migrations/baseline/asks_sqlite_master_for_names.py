#| kata: migrations.baseline
#| refused_by: test_postgresql_gets_its_types
# PostgreSQL has no sqlite_master: every database is asked by sa.inspect.
import sqlalchemy as sa
from alembic import op

revision = "r1"
down_revision = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ROLE = sa.Enum("SENDER", "COURIER", "DISPATCHER", name="role")
KIND = sa.Enum("PICKED_UP", "ARRIVED", "DEPARTED", "DELIVERED", name="scankind")


def create(name: str, *parts: sa.schema.SchemaItem, **options: bool) -> None:
    """Create a table, unless it is there."""
    if not op.get_bind().execute(
        sa.text("SELECT name FROM sqlite_master WHERE name = :name"), {"name": name}
    ).scalars().all():
        op.create_table(name, *parts, **options)


def upgrade() -> None:
    """Create the tables of lessons 06 to 09."""
    create(
        "accounts",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("email", sa.String(320), nullable=False, unique=True),
        sa.Column("role", ROLE, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
    )
    create(
        "parcels",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("tracking_code", sa.String(20), nullable=False, unique=True),
        sa.Column(
            "owner_id", NUMBER, sa.ForeignKey("accounts.id"), nullable=False, index=True
        ),
        sa.Column("to", sa.JSON(), nullable=False),
        sa.Column("weight_g", NUMBER, nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sqlite_autoincrement=True,
    )
    create(
        "scans",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("parcel_id", NUMBER, sa.ForeignKey("parcels.id"), nullable=False),
        sa.Column("depot", sa.String(3), nullable=False),
        sa.Column("kind", KIND, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("weight_g", NUMBER),
        sa.UniqueConstraint("parcel_id", "depot", "kind", "at"),
    )
    create(
        "changes",
        sa.Column("parcel_id", NUMBER, sa.ForeignKey("parcels.id"), primary_key=True),
        sa.Column("number", NUMBER, primary_key=True),
        sa.Column("account_id", NUMBER, sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    """Refuse: there would be no parcel below."""
    raise NotImplementedError("below r1 there is nothing")
