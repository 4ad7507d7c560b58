#| kata: refresh.tables
#| refused_by: test_ended_ones_are_found
# Each sign-in reads all families to find those that are over.
from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column


class Family(Base):
    """Somebody who stays signed in on one device; no part of a token is in here."""

    __tablename__ = "families"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime] = mapped_column(Moment)


class Try(Base):
    """That somebody tried to sign in as an account; no address is in here."""

    __tablename__ = "tries"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(Moment, index=True)
