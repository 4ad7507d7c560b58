#| kata: database.tables
#| refused_by: test_scans_come_in_order
# A scan that was handed in late would come before those that came first.
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from waybill.schemas import ScanKind


def now() -> datetime:
    """Return this moment."""
    return datetime.now(UTC)


class Base(DeclarativeBase):
    """What all tables have in common: whole numbers of 63 bits, in any database."""

    # SQLite numbers new rows only in a column whose type is called INTEGER.
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        int: BigInteger().with_variant(Integer, "sqlite")
    }


class Role(StrEnum):
    """What an account may do."""

    SENDER = "sender"
    COURIER = "courier"
    DISPATCHER = "dispatcher"


class Account(Base):
    """Somebody who uses Waybill."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(320), unique=True)
    role: Mapped[Role] = mapped_column(default=Role.SENDER)
    active: Mapped[bool] = mapped_column(default=True)


class Parcel(Base):
    """A parcel, and whose it is."""

    __tablename__ = "parcels"
    __table_args__ = ({"sqlite_autoincrement": True},)  # an id is given once

    id: Mapped[int] = mapped_column(primary_key=True)
    tracking_code: Mapped[str] = mapped_column(String(20), unique=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    to: Mapped[dict[str, Any]] = mapped_column(JSON)
    weight_g: Mapped[int]
    value: Mapped[Decimal] = mapped_column(Cents)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    scans: Mapped[list["Scan"]] = relationship(order_by="Scan.at", lazy="raise")


class Scan(Base):
    """What happened to a parcel, where and when."""

    __tablename__ = "scans"
    __table_args__ = (UniqueConstraint("parcel_id", "depot", "kind", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    parcel_id: Mapped[int] = mapped_column(ForeignKey("parcels.id"))
    depot: Mapped[str] = mapped_column(String(3))
    kind: Mapped[ScanKind]
    at: Mapped[datetime] = mapped_column(Moment)
    weight_g: Mapped[int | None]
