#| kata: passwords.credential
#| refused_by: test_an_account_has_one
# An id of its own, and any number of hashes for an account.
class Credential(Base):
    """What an account proves itself with: a hash, never a password."""

    __tablename__ = "credentials"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    hash: Mapped[str] = mapped_column(String(255))
