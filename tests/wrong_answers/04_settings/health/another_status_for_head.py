#| kata: settings.health
#| refused_by: test_head_is_answered
# Answers HEAD with another status than GET.
from fastapi import APIRouter

from waybill.settings import AppSettings

router = APIRouter(tags=["health"])


@router.head("/health", include_in_schema=False, status_code=202)
@router.get("/health")
async def health(settings: AppSettings) -> dict[str, str]:
    """Answer, and say which environment this is."""
    return {"status": "ok", "environment": settings.environment}
