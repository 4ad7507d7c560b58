#| kata: passwords.credential
#| refused_by: test_a_hash_is_kept
# The hash has another name than was agreed.
class Credential(Base):
    """What an account proves itself with: a hash, never a password."""

    __tablename__ = "credentials"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    password_hash: Mapped[str] = mapped_column(String(255))
