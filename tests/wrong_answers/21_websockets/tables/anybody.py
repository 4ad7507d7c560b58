#| kata: websockets.tables
#| refused_by: test_other_columns_stay
# The account need not exist.
class Ticket(Base):
    """Opens one live connection, once; no part of the ticket itself is in here."""

    __tablename__ = "tickets"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column()
    depot: Mapped[str] = mapped_column(String(3))
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)
