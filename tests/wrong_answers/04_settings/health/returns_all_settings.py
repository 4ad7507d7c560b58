#| kata: settings.health
#| refused_by: test_health_says_two_things
# Tells everybody where the database is.
from fastapi import APIRouter

from waybill.settings import AppSettings, Settings

router = APIRouter(tags=["health"])


@router.head("/health", include_in_schema=False)
@router.get("/health")
async def health(settings: AppSettings) -> Settings:
    """Answer, and say which environment this is."""
    return settings
