#| kata: passwords.credential
#| refused_by: test_nobody_has_none
# No foreign key: a credential of an account that isn't there.
class Credential(Base):
    """What an account proves itself with: a hash, never a password."""

    __tablename__ = "credentials"

    account_id: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(String(255))
