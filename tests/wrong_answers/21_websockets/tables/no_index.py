#| kata: websockets.tables
#| refused_by: test_a_ticket_has_an_end
# Old ones are found by reading all.
class Ticket(Base):
    """Opens one live connection, once; no part of the ticket itself is in here."""

    __tablename__ = "tickets"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    depot: Mapped[str] = mapped_column(String(3))
    expires_at: Mapped[datetime] = mapped_column(Moment)
