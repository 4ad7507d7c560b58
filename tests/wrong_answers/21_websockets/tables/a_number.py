#| kata: websockets.tables
#| refused_by: test_the_digest_is_the_key
# A number is the key.
class Ticket(Base):
    """Opens one live connection, once; no part of the ticket itself is in here."""

    __tablename__ = "tickets"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    depot: Mapped[str] = mapped_column(String(3))
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)
