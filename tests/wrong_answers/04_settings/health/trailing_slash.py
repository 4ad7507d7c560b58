#| kata: settings.health
#| refused_by: test_health_is_found
# One slash too many: a redirect.
from fastapi import APIRouter

from waybill.settings import AppSettings

router = APIRouter(tags=["health"])


@router.get("/health/")
async def health(settings: AppSettings) -> dict[str, str]:
    """Answer, and say which environment this is."""
    return {"status": "ok", "environment": settings.environment}
