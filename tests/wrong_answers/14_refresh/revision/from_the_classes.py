#| kata: refresh.revision
#| refused_by: test_accounts_stay
# Creates what the classes are today: in a year it does something else.
import sqlalchemy as sa
from alembic import op

from waybill.tables import Base

revision = "r4"
down_revision = "r3"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def create(name: str, *columns: sa.Column[object]) -> None:
    """Create a table, unless development has done so at a start."""
    if not sa.inspect(op.get_bind()).has_table(name):
        op.create_table(name, *columns)


def upgrade() -> None:
    """Let people stay signed in, and tries be counted."""
    for name in ("families", "tries"):
        Base.metadata.tables[name].create(op.get_bind(), checkfirst=True)


def downgrade() -> None:
    """Sign everybody out, and forget all tries."""
    op.drop_table("families")
    op.drop_table("tries")
