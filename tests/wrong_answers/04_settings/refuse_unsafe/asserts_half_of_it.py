#| kata: settings.refuse_unsafe
#| refused_by: test_dash_o_changes_nothing
# Raises for the origins and asserts the key.
class UnsafeSettingsError(ValueError):
    """Waybill must not start like this."""


def refuse_unsafe(settings: Settings) -> None:
    """Refuse in production what is fit for development only; name all of it at once."""
    if settings.environment != "production":
        return
    secret = settings.secret_key.get_secret_value()
    assert "secret_key" in settings.model_fields_set, "WAYBILL_SECRET_KEY is not set"
    if len(secret.encode()) < 32:
        raise UnsafeSettingsError("WAYBILL_SECRET_KEY is short")
    if "*" in settings.allowed_origins:
        raise UnsafeSettingsError("WAYBILL_ALLOWED_ORIGINS may not hold *")
