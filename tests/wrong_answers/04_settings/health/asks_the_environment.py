#| kata: settings.health
#| refused_by: test_health_names_the_apps_environment
# Reads the variable by itself.
import os

from fastapi import APIRouter

router = APIRouter(tags=["health"])


@router.head("/health", include_in_schema=False)
@router.get("/health")
async def health() -> dict[str, str]:
    """Answer, and say which environment this is."""
    return {"status": "ok", "environment": os.environ.get("WAYBILL_ENVIRONMENT", "development")}
