#| kata: settings.health
#| refused_by: test_health_is_found
# The bare class: FastAPI asks the client for the settings.
from fastapi import APIRouter

from waybill.settings import Settings

router = APIRouter(tags=["health"])


@router.head("/health", include_in_schema=False)
@router.get("/health")
async def health(settings: Settings) -> dict[str, str]:
    """Answer, and say which environment this is."""
    return {"status": "ok", "environment": settings.environment}
