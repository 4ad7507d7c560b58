#| kata: repository.change
#| refused_by: test_the_key_is_parcel_and_number
# `session.get(Change, (7, 2))` would be change 7 of parcel 2.
class Change(Base):
    """That somebody changed a parcel; a parcel's changes are numbered from 1."""

    __tablename__ = "changes"

    number: Mapped[int] = mapped_column(primary_key=True)
    parcel_id: Mapped[int] = mapped_column(ForeignKey("parcels.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    account: Mapped[Account] = relationship(lazy="raise")
