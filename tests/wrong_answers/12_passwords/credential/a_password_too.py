#| kata: passwords.credential
#| refused_by: test_there_is_no_password
# Keeps the password beside its hash, for support.
class Credential(Base):
    """What an account proves itself with: a hash, never a password."""

    __tablename__ = "credentials"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    password: Mapped[str | None] = mapped_column(String(128))
    hash: Mapped[str] = mapped_column(String(255))
