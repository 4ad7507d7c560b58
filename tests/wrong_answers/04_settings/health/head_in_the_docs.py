#| kata: settings.health
#| refused_by: test_health_has_a_tag
# The docs list HEAD as an operation of its own.
from fastapi import APIRouter

from waybill.settings import AppSettings

router = APIRouter(tags=["health"])


@router.head("/health")
@router.get("/health")
async def health(settings: AppSettings) -> dict[str, str]:
    """Answer, and say which environment this is."""
    return {"status": "ok", "environment": settings.environment}
