#| kata: passwords.credential
#| refused_by: test_neither_may_be_none
# A credential that belongs to no account.
class Credential(Base):
    """What an account proves itself with: a hash, never a password."""

    __tablename__ = "credentials"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id"), unique=True
    )
    hash: Mapped[str] = mapped_column(String(255))
