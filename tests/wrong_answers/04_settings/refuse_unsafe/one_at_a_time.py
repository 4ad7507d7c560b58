#| kata: settings.refuse_unsafe
#| refused_by: test_every_variable_at_fault_is_named
# Raises at the first problem; the second shows after the next start.
class UnsafeSettingsError(ValueError):
    """Waybill must not start like this."""


def refuse_unsafe(settings: Settings) -> None:
    """Refuse in production what is fit for development only; name all of it at once."""
    if settings.environment != "production":
        return
    secret = settings.secret_key.get_secret_value()
    if "secret_key" not in settings.model_fields_set or len(secret.encode()) < 32:
        raise UnsafeSettingsError("WAYBILL_SECRET_KEY needs 32 bytes")
    if "*" in settings.allowed_origins:
        raise UnsafeSettingsError("WAYBILL_ALLOWED_ORIGINS may not hold *")
