#| kata: permissions.tables
#| refused_by: test_other_columns_stay
# Two keys may have one prefix.
class Assignment(Base):
    """Which courier carries a parcel."""

    __tablename__ = "assignments"

    parcel_id: Mapped[int] = mapped_column(ForeignKey("parcels.id"), primary_key=True)
    courier_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)


class ApiKey(Base):
    """A key that a depot's scanners show: never the key itself, only a hash of it."""

    __tablename__ = "api_keys"

    id: Mapped[int] = mapped_column(primary_key=True)
    prefix: Mapped[str] = mapped_column(String(16))
    hash: Mapped[str] = mapped_column(String(64))
    depot: Mapped[str] = mapped_column(String(3))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    last_used: Mapped[datetime | None] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)
