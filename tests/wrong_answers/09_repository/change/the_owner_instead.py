#| kata: repository.change
#| refused_by: test_a_change_knows_its_account
# It leads to the owner of the parcel, and not to whoever changed it.
class Change(Base):
    """That somebody changed a parcel; a parcel's changes are numbered from 1."""

    __tablename__ = "changes"

    parcel_id: Mapped[int] = mapped_column(ForeignKey("parcels.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    account: Mapped[Account] = relationship(
        secondary="parcels", viewonly=True, lazy="raise", uselist=False
    )
