#| kata: repository.change
#| refused_by: test_a_number_is_given_once
# An id of its own, and two changes may have one number.
class Change(Base):
    """That somebody changed a parcel; a parcel's changes are numbered from 1."""

    __tablename__ = "changes"

    parcel_id: Mapped[int] = mapped_column(ForeignKey("parcels.id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    account: Mapped[Account] = relationship(lazy="raise")
