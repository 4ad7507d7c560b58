#| kata: observability.access_log
#| refused_by: test_the_parcels_stay
# Forgets the parcels.
from fastapi import Depends

from waybill import parcels
from waybill.dependencies import CurrentAccount


async def access_log(_account: CurrentAccount) -> None:
    """Want an account for each route of a router; the request's line names it."""
