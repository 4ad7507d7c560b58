#| kata: database.add_backlog
#| refused_by: test_a_generator_will_do
# A generator has no length.
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
    for number in range(len(backlog)):
        parcel_id, data = backlog[number]
        try:
            async with sessions.begin() as session:
                session.add(Scan(parcel_id=parcel_id, **data.model_dump()))
        except IntegrityError:
            refused.append(parcel_id)
    return refused
