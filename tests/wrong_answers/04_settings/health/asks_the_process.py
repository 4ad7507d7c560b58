#| kata: settings.health
#| refused_by: test_health_names_the_apps_environment
# Asks the process, not the app.
from fastapi import APIRouter

from waybill.settings import get_settings

router = APIRouter(tags=["health"])


@router.head("/health", include_in_schema=False)
@router.get("/health")
async def health() -> dict[str, str]:
    """Answer, and say which environment this is."""
    return {"status": "ok", "environment": get_settings().environment}
