#| kata: database.add_backlog
#| refused_by: test_another_database_has_other_words
# It knows a refusal by SQLite's words, and PostgreSQL has others.
from collections.abc import Iterable

from sqlalchemy.exc import IntegrityError

from waybill.database import Sessions
from waybill.schemas import ScanCreate
from waybill.tables import Scan


async def add_backlog(
    sessions: Sessions, backlog: Iterable[tuple[int, ScanCreate]]
) -> list[int]:
    """Keep the scans of a depot that was offline; return those that can't be kept.

    Each scan comes with the id of its parcel, and is kept or refused by itself.
    """
    refused = []
    for parcel_id, data in backlog:
        try:
            async with sessions.begin() as session:
                session.add(Scan(parcel_id=parcel_id, **data.model_dump()))
        except IntegrityError as error:
            if "constraint failed" not in str(error.orig):
                raise
            refused.append(parcel_id)
    return refused
