"""What Waybill remembers, as tables."""

from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    func,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

from waybill.schemas import ScanKind


# kata: database.column_types
class Cents(TypeDecorator[Decimal]):
    """Euros as a whole number of cents, so that no database rounds them."""

    impl = Integer
    cache_ok = True

    def process_bind_param(
        self, value: Decimal | None, _dialect: Dialect
    ) -> int | None:
        """Turn euros into cents, on the way in; a part of a cent is refused."""
        if value is None:
            return None
        cents = int(value * 100)
        if Decimal(cents) / 100 != value:
            raise ValueError(f"{value} is no whole number of cents")
        return cents

    def process_result_value(
        self, value: int | None, _dialect: Dialect
    ) -> Decimal | None:
        """Turn cents into euros, on the way out."""
        return None if value is None else Decimal(value).scaleb(-2)


class Moment(TypeDecorator[datetime]):
    """A moment in UTC; SQLite keeps no offset, so it is put back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, _dialect: Dialect
    ) -> datetime | None:
        """Refuse a time without an offset, and keep the others in UTC."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError(f"{value} has no offset: which moment is it?")
        try:
            return value.astimezone(UTC)
        except OverflowError:
            raise ValueError(f"{value} is beyond the years that UTC has") from None

    def process_result_value(
        self, value: datetime | None, _dialect: Dialect
    ) -> datetime | None:
        """Hand out an aware time."""
        if value is None or value.tzinfo:
            return value
        return value.replace(tzinfo=UTC)


# kata: database.tables
def now() -> datetime:
    """Return this moment."""
    return datetime.now(UTC)


class Base(DeclarativeBase):
    """What all tables have in common: whole numbers of 63 bits, in any database."""

    # SQLite gives new rows an id only in a column whose type is called INTEGER.
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
    scans: Mapped[list["Scan"]] = relationship(order_by="Scan.id", lazy="raise")


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


# kata: repository.change
class Change(Base):
    """That somebody changed a parcel; a parcel's changes are numbered from 1."""

    __tablename__ = "changes"

    parcel_id: Mapped[int] = mapped_column(ForeignKey("parcels.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    account: Mapped[Account] = relationship(lazy="raise")


# kata: migrations.tables
Base.metadata.naming_convention = {
    "ix": "ix_%(column_0_label)s",
    "pk": "%(table_name)s_pkey",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
}
Base.metadata.tables["scans"].append_column(
    Column("received_at", Moment, server_default=func.now(), nullable=False)
)
Index("ix_scans_depot_id", Scan.depot, Scan.id)


# kata: passwords.credential
class Credential(Base):
    """What an account proves itself with: a hash, never a password."""

    __tablename__ = "credentials"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    hash: Mapped[str] = mapped_column(String(255))


# kata: refresh.tables
class Family(Base):
    """Somebody who stays signed in on one device; no part of a token is in here."""

    __tablename__ = "families"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)


class Try(Base):
    """That somebody tried to sign in as an account; no address is in here."""

    __tablename__ = "tries"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(Moment, index=True)


# kata: permissions.tables
class Assignment(Base):
    """Which courier carries a parcel."""

    __tablename__ = "assignments"

    parcel_id: Mapped[int] = mapped_column(ForeignKey("parcels.id"), primary_key=True)
    courier_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)


class ApiKey(Base):
    """A key that a depot's scanners show: never the key itself, only a hash of it."""

    __tablename__ = "api_keys"

    prefix: Mapped[str] = mapped_column(String(16), primary_key=True)
    hash: Mapped[str] = mapped_column(String(64))
    depot: Mapped[str] = mapped_column(String(3))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    last_used: Mapped[datetime | None] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)


# kata: background.tables
class Job(Base):
    """Something to do after an answer; a job that is done has no row."""

    __tablename__ = "jobs"
    __table_args__ = ({"sqlite_autoincrement": True},)  # an id is given once

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    payload: Mapped[dict[str, int]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(7), default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    run_at: Mapped[datetime] = mapped_column(Moment, default=now)
    last_error: Mapped[str | None] = mapped_column(String(100))


Index("ix_jobs_state_run_at_id", Job.state, Job.run_at, Job.id)


# kata: websockets.tables
class Ticket(Base):
    """Opens one live connection, once; no part of the ticket itself is in here."""

    __tablename__ = "tickets"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    depot: Mapped[str] = mapped_column(String(3))
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)


# kata: performance.index
Index("ix_scans_depot_at", Scan.depot, Scan.at)
