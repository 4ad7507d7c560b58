#| kata: growth.tables
#| file: waybill/tables.py
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column


class Invitation(Base):
    """Who invited whom, and what proves it."""

    __tablename__ = "invitations"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    host_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    secret: Mapped[str] = mapped_column(String(64), unique=True)
