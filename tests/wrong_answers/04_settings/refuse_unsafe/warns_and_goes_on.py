#| kata: settings.refuse_unsafe
#| refused_by: test_a_key_that_nobody_set_is_refused
# Writes a warning into the log, and starts.
import logging


class UnsafeSettingsError(ValueError):
    """Waybill must not start like this."""


def refuse_unsafe(settings: Settings) -> None:
    """Refuse in production what is fit for development only; name all of it at once."""
    if settings.environment != "production":
        return
    secret = settings.secret_key.get_secret_value()
    if "secret_key" not in settings.model_fields_set or len(secret.encode()) < 32:
        logging.warning("WAYBILL_SECRET_KEY is weak")
    if "*" in settings.allowed_origins:
        logging.warning("WAYBILL_ALLOWED_ORIGINS holds *")
