#| kata: growth.tables
#| file: waybill/tables.py
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column


class Ticket(Base):
    """What proves who somebody is."""

    __tablename__ = "tickets"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    secret: Mapped[str] = mapped_column(String(40), unique=True)
