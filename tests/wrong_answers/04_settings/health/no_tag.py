#| kata: settings.health
#| refused_by: test_health_has_a_tag
# Drops the tag.
from fastapi import APIRouter

from waybill.settings import AppSettings

router = APIRouter()


@router.head("/health", include_in_schema=False)
@router.get("/health")
async def health(settings: AppSettings) -> dict[str, str]:
    """Answer, and say which environment this is."""
    return {"status": "ok", "environment": settings.environment}
