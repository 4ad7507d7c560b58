"""Whether Waybill is alive, for those who watch over it."""

from fastapi import APIRouter

from waybill.settings import AppSettings

# kata: settings.health
router = APIRouter(tags=["health"])


@router.head("/health", include_in_schema=False)
@router.get("/health")
async def health(settings: AppSettings) -> dict[str, str]:
    """Answer, and say which environment this is."""
    return {"status": "ok", "environment": settings.environment}
