#| kata: websockets.tables
#| refused_by: test_the_digest_is_the_key
# One ticket for each account and depot.
class Ticket(Base):
    """Opens one live connection, once; no part of the ticket itself is in here."""

    __tablename__ = "tickets"

    digest: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id"), primary_key=True
    )
    depot: Mapped[str] = mapped_column(String(3), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)
