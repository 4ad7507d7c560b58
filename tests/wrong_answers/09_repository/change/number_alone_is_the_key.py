#| kata: repository.change
#| refused_by: test_another_parcel_counts_for_itself
# The number alone is the key, so only one parcel has a change 1.
class Change(Base):
    """That somebody changed a parcel; a parcel's changes are numbered from 1."""

    __tablename__ = "changes"

    parcel_id: Mapped[int] = mapped_column(ForeignKey("parcels.id"))
    number: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    account: Mapped[Account] = relationship(lazy="raise")
