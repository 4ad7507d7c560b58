#| kata: permissions.tables
#| refused_by: test_a_courier_carries_many
# A courier carries one parcel at most.
class Assignment(Base):
    """Which courier carries a parcel."""

    __tablename__ = "assignments"

    parcel_id: Mapped[int] = mapped_column(ForeignKey("parcels.id"), primary_key=True)
    courier_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True, unique=True)


class ApiKey(Base):
    """A key that a depot's scanners show: never the key itself, only a hash of it."""

    __tablename__ = "api_keys"

    prefix: Mapped[str] = mapped_column(String(16), primary_key=True)
    hash: Mapped[str] = mapped_column(String(64))
    depot: Mapped[str] = mapped_column(String(3))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    last_used: Mapped[datetime | None] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)
