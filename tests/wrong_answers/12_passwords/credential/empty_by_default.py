#| kata: passwords.credential
#| refused_by: test_neither_may_be_none
# A hash that is forgotten is an empty text.
from sqlalchemy import ForeignKey, String


class Credential(Base):
    """What an account proves itself with: a hash, never a password."""

    __tablename__ = "credentials"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    hash: Mapped[str] = mapped_column(String(255), default="", server_default="")
