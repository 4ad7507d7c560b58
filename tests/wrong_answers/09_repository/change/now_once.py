#| kata: repository.change
#| refused_by: test_what_stood_there_holds
# The moment is that of the import, the same for all changes.
from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship


class Change(Base):
    """That somebody changed a parcel; a parcel's changes are numbered from 1."""

    __tablename__ = "changes"

    parcel_id: Mapped[int] = mapped_column(ForeignKey("parcels.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(Moment, default=now())
    account: Mapped[Account] = relationship(lazy="raise")
