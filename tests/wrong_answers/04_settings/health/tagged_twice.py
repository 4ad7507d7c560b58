#| kata: settings.health
#| refused_by: test_health_has_a_tag
# Names the tag on the router and again on the route.
from fastapi import APIRouter

from waybill.settings import AppSettings

router = APIRouter(tags=["health"])


@router.head("/health", include_in_schema=False)
@router.get("/health", tags=["health"])
async def health(settings: AppSettings) -> dict[str, str]:
    """Answer, and say which environment this is."""
    return {"status": "ok", "environment": settings.environment}
