#| kata: settings.refuse_unsafe
#| refused_by: test_the_sample_key_is_refused
# Raises for the origins and asserts the key.
class UnsafeSettingsError(ValueError):
    """Waybill must not start like this."""


def refuse_unsafe(settings: Settings) -> None:
    """Refuse settings that are fit for development only; name every one at once."""
    if settings.environment != "production":
        return
    secret = settings.secret_key.get_secret_value()
    assert secret != SAMPLE_KEY, "WAYBILL_SECRET_KEY is the sample"
    if len(secret.encode()) < 32:
        raise UnsafeSettingsError("WAYBILL_SECRET_KEY is short")
    if "*" in settings.allowed_origins:
        raise UnsafeSettingsError("WAYBILL_ALLOWED_ORIGINS may not hold *")
