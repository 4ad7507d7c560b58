#| kata: refresh.tables
#| refused_by: test_its_account_exists
# Any number is an account.
from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column


class Family(Base):
    """Somebody who stays signed in on one device; no part of a token is in here."""

    __tablename__ = "families"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(index=True)
    digest: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)


class Try(Base):
    """That somebody tried to sign in as an account; no address is in here."""

    __tablename__ = "tries"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(Moment, index=True)
