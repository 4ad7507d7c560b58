#| kata: permissions.tables
#| refused_by: test_what_a_key_always_has
# `last_used` may not be empty any more.
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
    last_used: Mapped[datetime] = mapped_column(Moment, default=now)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)
