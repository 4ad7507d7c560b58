#| kata: passwords.credential
#| refused_by: test_a_hash_is_kept
# Two accounts can't have the same hash.
from sqlalchemy import ForeignKey, String


class Credential(Base):
    """What an account proves itself with: a hash, never a password."""

    __tablename__ = "credentials"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id"), primary_key=True
    )
    hash: Mapped[str] = mapped_column(String(255), unique=True)
