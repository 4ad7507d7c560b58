#| kata: settings.refuse_unsafe
#| refused_by: test_safe_production_starts
# Looks for the variable by itself, and overlooks .env and what is passed by name.
import os


class UnsafeSettingsError(ValueError):
    """Waybill must not start like this."""


def refuse_unsafe(settings: Settings) -> None:
    """Refuse in production what is fit for development only; name all of it at once."""
    if settings.environment == "development":
        return
    problems = []
    key = settings.secret_key.get_secret_value()
    if "WAYBILL_SECRET_KEY" not in os.environ or len(key.encode()) < 32:
        problems.append("WAYBILL_SECRET_KEY needs 32 bytes that nobody else knows")
    if "*" in settings.allowed_origins:
        problems.append("WAYBILL_ALLOWED_ORIGINS may not hold *")
    if problems:
        advice = "On your own machine, set WAYBILL_ENVIRONMENT=development."
        raise UnsafeSettingsError(f"{'; '.join(problems)}. {advice}")
