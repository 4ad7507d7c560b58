#| kata: repository.change
#| refused_by: test_the_key_is_parcel_and_number
# The rule holds, and `session.get(Change, (7, 2))` knows no such key.
from sqlalchemy import UniqueConstraint


class Change(Base):
    """That somebody changed a parcel; a parcel's changes are numbered from 1."""

    __tablename__ = "changes"
    __table_args__ = (UniqueConstraint("parcel_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    parcel_id: Mapped[int] = mapped_column(ForeignKey("parcels.id"))
    number: Mapped[int]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    account: Mapped[Account] = relationship(lazy="raise")
