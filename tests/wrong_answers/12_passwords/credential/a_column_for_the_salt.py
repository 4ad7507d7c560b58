#| kata: passwords.credential
#| refused_by: test_there_is_no_password
# The salt is in the hash already.
class Credential(Base):
    """What an account proves itself with: a hash, never a password."""

    __tablename__ = "credentials"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    salt: Mapped[str] = mapped_column(String(32), default="")
    hash: Mapped[str] = mapped_column(String(255))
