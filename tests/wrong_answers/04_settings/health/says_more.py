#| kata: settings.health
#| refused_by: test_health_says_two_things
# A third key, for convenience.
from fastapi import APIRouter

from waybill.settings import AppSettings

router = APIRouter(tags=["health"])


@router.head("/health", include_in_schema=False)
@router.get("/health")
async def health(settings: AppSettings) -> dict[str, str]:
    """Answer, and say which environment this is."""
    return {"status": "ok", "environment": settings.environment, "database": settings.database_url}
