#| kata: settings.refuse_unsafe
#| refused_by: test_dash_o_changes_nothing
# Writes a warning into the log, and starts.
import logging


class UnsafeSettingsError(ValueError):
    """Waybill must not start like this."""


def refuse_unsafe(settings: Settings) -> None:
    """Refuse settings that are fit for development only; name every one at once."""
    if settings.environment != "production":
        return
    secret = settings.secret_key.get_secret_value()
    if secret == SAMPLE_KEY or len(secret.encode()) < 32:
        logging.warning("WAYBILL_SECRET_KEY is weak")
    if "*" in settings.allowed_origins:
        logging.warning("WAYBILL_ALLOWED_ORIGINS holds *")
