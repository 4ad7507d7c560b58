#| kata: passwords.credential
#| refused_by: test_an_account_has_one
# An account may have as many hashes as it likes, each once.
from sqlalchemy import ForeignKey, String, UniqueConstraint


class Credential(Base):
    """What an account proves itself with: a hash, never a password."""

    __tablename__ = "credentials"
    __table_args__ = (UniqueConstraint("account_id", "hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    hash: Mapped[str] = mapped_column(String(255))
